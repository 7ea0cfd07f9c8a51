package dev.cambrian.actors;

import java.util.concurrent.Semaphore;

/**
 * How many trainings a device holds at the same time: as many as it has slots, until its memory does not suffice for
 * them; then one fewer each time, for as long as the node runs.
 */
final class DevicePool {
  private final String device;
  private final Semaphore free;
  private int places;

  /** @param slots 1 or more */
  DevicePool(String device, int slots) {
    this.device = device;
    this.free = new Semaphore(slots, true);
    this.places = slots;
  }

  /** The word that the engine knows the device by. */
  String device() {
    return device;
  }

  synchronized int places() {
    return places;
  }

  /**
   * Waits for a place.
   *
   * @return whether it is the only one that the device has left
   */
  boolean take() throws InterruptedException {
    free.acquire();
    return places() == 1;
  }

  void giveBack() {
    free.release();
  }

  /** Gives back a place whose training found no memory left beside others: from now on there is one fewer, if any. */
  synchronized void giveUp() {
    if (places > 1) {
      places--;
    } else {
      free.release();
    }
  }
}
