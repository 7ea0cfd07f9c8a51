package dev.cambrian.actors;

import java.util.ArrayList;
import java.util.List;

/**
 * A place for one training at a time on a device of a node; the worker that fills it has its name.
 *
 * @param node the node's name
 * @param device a word of the engine's, e.g. {@code "cpu"} or {@code "cuda:0"}
 * @param number from 0, of those of the device
 */
record DeviceSlot(String node, String device, int number) {

  /** So many slots over the devices of a node, which take turns. */
  static List<DeviceSlot> spread(String node, List<String> devices, int slots) {
    List<DeviceSlot> spread = new ArrayList<>();
    for (int i = 0; i < slots; i++) {
      spread.add(new DeviceSlot(node, devices.get(i % devices.size()), i / devices.size()));
    }
    return spread;
  }

  /** The worker's, e.g. {@code "local/cpu/0"}. */
  String name() {
    return node + "/" + device + "/" + number;
  }
}
