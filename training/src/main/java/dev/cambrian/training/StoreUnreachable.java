package dev.cambrian.training;

import java.io.IOException;

/**
 * A weight store that does not answer, or cannot do now what it is asked: it is down, cut off, full, or refuses. It
 * says nothing on whether weights are there; the same question may be answered later.
 */
public final class StoreUnreachable extends IOException {
  private static final long serialVersionUID = 1L;

  /** @param message names the store and what it did not do */
  public StoreUnreachable(String message, Throwable cause) {
    super(message, cause);
  }

  /** As the other one, where nothing was thrown. */
  public StoreUnreachable(String message) {
    super(message);
  }
}
