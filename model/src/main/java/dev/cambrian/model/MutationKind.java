package dev.cambrian.model;

import java.util.Locale;

/** The eleven mutations of Real17, by the paper's names. */
public enum MutationKind {
  ALTER_LEARNING_RATE,
  IDENTITY,
  RESET_WEIGHTS,
  INSERT_CONVOLUTION,
  REMOVE_CONVOLUTION,
  ALTER_STRIDE,
  ALTER_NUMBER_OF_CHANNELS,
  FILTER_SIZE,
  INSERT_ONE_TO_ONE,
  ADD_SKIP,
  REMOVE_SKIP;

  /** As a person writes it, e.g. {@code insert-convolution}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
