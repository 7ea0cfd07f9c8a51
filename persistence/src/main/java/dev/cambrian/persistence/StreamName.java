package dev.cambrian.persistence;

import java.util.OptionalLong;

/** The names (Akka's persistence ids) of an experiment's streams: one spine, and a biography per individual. */
public final class StreamName {
  private StreamName() {}

  /** The entity type of the population; with the experiment's name it names the spine. */
  public static final String POPULATION = "population";

  /** The entity type of individuals; with an id it names a biography. */
  public static final String INDIVIDUAL = "individual";

  private static final String SEPARATOR = "|";

  /** The stream of an experiment's population. */
  public static String spine(String experiment) {
    return POPULATION + SEPARATOR + experiment;
  }

  /** The stream of one individual. */
  public static String biography(long individual) {
    return INDIVIDUAL + SEPARATOR + individual;
  }

  static boolean isSpine(String name) {
    return name.startsWith(POPULATION + SEPARATOR);
  }

  /** The individual whose biography a stream is; empty for any other stream. */
  static OptionalLong individual(String name) {
    String prefix = INDIVIDUAL + SEPARATOR;
    if (!name.startsWith(prefix) || !name.substring(prefix.length()).matches("[1-9][0-9]{0,17}")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(name.substring(prefix.length())));
  }
}
