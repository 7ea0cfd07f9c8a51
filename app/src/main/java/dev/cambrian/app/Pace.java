package dev.cambrian.app;

import dev.cambrian.actors.PopulationState;

/** Lets events happen as far apart as they did, so many times as fast. What lies between two runs is left out. */
final class Pace {

  /** Waits. */
  interface Sleep {
    void millis(long millis) throws InterruptedException;
  }

  private final double speed;
  private final Sleep sleep;
  private double owed;

  /** @param speed 1 for as fast as it was; infinite for without any wait */
  Pace(double speed, Sleep sleep) {
    this.speed = speed;
    this.sleep = sleep;
  }

  /** Waits as long as evolution ran from one event to the next. */
  void between(PopulationState before, PopulationState after) {
    owed += (after.runningMillis() - before.runningMillis()) / speed;
    long millis = (long) owed;
    if (millis > 0) {
      owed -= millis;
      try {
        sleep.millis(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw UserError.failed("the replay was interrupted.");
      }
    }
  }

  /**
   * The speed that a text names: a number above 0, or {@code max}.
   *
   * @throws UserError where it names none
   */
  static double parse(String text) {
    if (text.equals("max")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      double speed = Double.parseDouble(text);
      if (speed > 0) {
        return speed;
      }
    } catch (NumberFormatException noNumber) {
      // Refused below, like one that is not above 0.
    }
    throw UserError.usage("--speed must be a number above 0 (1 is as fast as it was), or max, not " + text + ".");
  }
}
