package dev.cambrian.bench;

import java.util.Arrays;

/** The middle of some figures. */
final class Median {
  private Median() {}

  /** The one in the middle, or the mean of the two there. */
  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
