package dev.cambrian.persistence;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The values that a setting may have, wherever one is given: in a file, on the command line, or while it runs. */
public sealed interface Range {

  /** What a value must be, e.g. {@code "a whole number from 1 to 1000"}. */
  String words();

  /** Whole numbers, both ends included. */
  record Whole(long least, long most) implements Range {

    /** The number that a text is; empty where it is none, or one outside. */
    public OptionalLong of(String text) {
      try {
        long number = Long.parseLong(text);
        return number >= least && number <= most ? OptionalLong.of(number) : OptionalLong.empty();
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }

    @Override
    public String words() {
      return least == Long.MIN_VALUE ? "a whole number" : "a whole number from " + least + " to " + most;
    }
  }

  /**
   * Numbers, both ends included.
   *
   * @param most {@link Double#MAX_VALUE} for no end
   */
  record Real(double least, double most) implements Range {

    /** The number that a text is; empty where it is none, or one outside. */
    public OptionalDouble of(String text) {
      try {
        double number = Double.parseDouble(text);
        return number >= least && number <= most ? OptionalDouble.of(number) : OptionalDouble.empty();
      } catch (NumberFormatException e) {
        return OptionalDouble.empty();
      }
    }

    @Override
    public String words() {
      return most == Double.MAX_VALUE ? "a number of at least " + plain(least)
          : "a number from " + plain(least) + " to " + plain(most);
    }
  }

  /** One word of several. */
  record Choice(List<String> choices) implements Range {
    public Choice {
      choices = List.copyOf(choices);
    }

    /** One of these. */
    public static Choice of(String... choices) {
      return new Choice(List.of(choices));
    }

    @Override
    public String words() {
      return "one of " + String.join(", ", choices);
    }
  }

  /** A number as a person writes it: without a fraction where it has none. */
  static String plain(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? String.valueOf((long) number) : String.valueOf(number);
  }
}
