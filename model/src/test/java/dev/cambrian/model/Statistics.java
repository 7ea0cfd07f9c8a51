package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Tests of distributions at the 0.1 % level; with fixed seeds they always give the same answer. */
final class Statistics {
  private Statistics() {}

  /** How often each value came out of so many draws. */
  static <T> Map<T, Integer> histogram(int draws, Supplier<T> draw) {
    Map<T, Integer> histogram = new LinkedHashMap<>();
    for (int i = 0; i < draws; i++) {
      histogram.merge(draw.get(), 1, Integer::sum);
    }
    return histogram;
  }

  /** Pearson's chi-square test of a histogram against exact probabilities, which name every value that may come. */
  static <T> void assertDistribution(Map<T, Double> expected, Map<T, Integer> histogram) {
    assertEquals(1, expected.values().stream().mapToDouble(Double::doubleValue).sum(), 1e-9);
    assertTrue(expected.keySet().containsAll(histogram.keySet()), () -> "values that may not come: " + histogram);
    int draws = histogram.values().stream().mapToInt(Integer::intValue).sum();
    double chiSquare = 0;
    for (Map.Entry<T, Double> cell : expected.entrySet()) {
      double mean = draws * cell.getValue();
      assertTrue(mean >= 5, "too few draws for " + cell.getKey());
      double off = histogram.getOrDefault(cell.getKey(), 0) - mean;
      chiSquare += off * off / mean;
    }
    double statistic = chiSquare;
    assertTrue(statistic < criticalChiSquare(expected.size() - 1),
        () -> "chi-square " + statistic + " of " + histogram + " against " + expected);
  }

  /** All of these values, alike. */
  static <T> Map<T, Double> uniform(Iterable<T> values) {
    Map<T, Double> expected = new LinkedHashMap<>();
    values.forEach(value -> expected.put(value, 0.0));
    expected.replaceAll((value, none) -> 1.0 / expected.size());
    return expected;
  }

  /** The 99.9 % quantile, by Wilson and Hilferty's approximation. */
  private static double criticalChiSquare(int degrees) {
    double ninth = 2.0 / (9 * degrees);
    double root = 1 - ninth + 3.0902 * Math.sqrt(ninth);
    return degrees * root * root * root;
  }

  /** Kolmogorov's and Smirnov's test of draws against the uniform distribution from low to high. */
  static void assertUniform(double low, double high, double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    assertTrue(sorted[0] >= low && sorted[sorted.length - 1] <= high,
        () -> sorted[0] + " to " + sorted[sorted.length - 1]);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double cumulative = (sorted[i] - low) / (high - low);
      distance = Math.max(distance, Math.abs(cumulative - (double) i / sorted.length));
      distance = Math.max(distance, Math.abs(cumulative - (i + 1.0) / sorted.length));
    }
    double statistic = distance * Math.sqrt(sorted.length);
    assertTrue(statistic < 1.95, () -> "Kolmogorov-Smirnov " + statistic);
  }
}
