package dev.cambrian.model;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The few ways in which evolution draws. All of them consume exactly one {@code nextDouble()}, so that a seed means the
 * same on every JDK: how bounded draws are made is not specified there.
 */
public final class Draw {
  private Draw() {}

  /** Uniform from {@code low} to {@code high}. */
  public static double uniform(double low, double high, RandomGenerator random) {
    return low + (high - low) * random.nextDouble();
  }

  /** Uniform from half the present value to twice it: how Real17's numeric mutations draw. */
  public static double around(double present, RandomGenerator random) {
    return uniform(present / 2, 2 * present, random);
  }

  /** Uniform among 0 to {@code count - 1}. */
  public static int index(int count, RandomGenerator random) {
    return (int) (count * random.nextDouble());
  }

  /** Uniform among the elements. */
  public static <T> T oneOf(List<T> elements, RandomGenerator random) {
    return elements.get(index(elements.size(), random));
  }

  /** True half of the times. */
  public static boolean coin(RandomGenerator random) {
    return random.nextDouble() < 0.5;
  }
}
