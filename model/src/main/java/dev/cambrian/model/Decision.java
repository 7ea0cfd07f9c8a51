package dev.cambrian.model;

import java.util.OptionalLong;

/** What one step of evolution does. */
public sealed interface Decision {

  /** A new initial individual is trained. */
  record StartAnew() implements Decision {}

  /**
   * A pair was compared.
   *
   * @param first one of the pair
   * @param second the other
   * @param killed who dies, where the population was at or over its set-point
   * @param parent who is copied, mutated and trained, where the population is then under its set-point
   */
  record Tournament(long first, long second, OptionalLong killed, OptionalLong parent) implements Decision {}

  /** Nothing can be done until a training ends. */
  record Wait() implements Decision {}
}
