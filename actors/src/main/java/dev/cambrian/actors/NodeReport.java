package dev.cambrian.actors;

import java.util.List;

/**
 * One member of the cluster as another sees it.
 *
 * @param node its name
 * @param address {@code HOST:PORT}
 * @param state {@code "joining"}, {@code "up"}, {@code "draining"}, {@code "leaving"} or {@code "unreachable"}
 * @param roles in words
 * @param devices what it trains on; empty where it does not answer
 * @param trainings in progress on it
 */
public record NodeReport(
    String node,
    String address,
    String state,
    List<String> roles,
    List<Device> devices,
    List<Status.Training> trainings) {

  public NodeReport {
    roles = List.copyOf(roles);
    devices = List.copyOf(devices);
    trainings = List.copyOf(trainings);
  }

  /** What trains, and how many at the same time. */
  public record Device(String name, int slots) {}

  /** What a node tells of itself. */
  record Node(String name, List<Device> devices, boolean draining) implements CborMessage {

    Node {
      devices = List.copyOf(devices);
    }
  }
}
