package dev.cambrian.training;

import java.io.IOException;

/** A weight store answered, and does not hold these weights, or not as they were put. Asking again does not help. */
public final class WeightsMissing extends IOException {
  private static final long serialVersionUID = 1L;

  /** @param message names the weights and where they were looked for */
  public WeightsMissing(String message) {
    super(message);
  }

  /** As the other one, with what it was noticed by. */
  public WeightsMissing(String message, Throwable cause) {
    super(message, cause);
  }
}
