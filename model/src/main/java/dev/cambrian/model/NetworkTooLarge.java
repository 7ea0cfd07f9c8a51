package dev.cambrian.model;

/**
 * A genotype asks for a layer whose sizes no machine can hold or no {@code int} can count. The child fails; its parent
 * and the worker go on.
 */
public final class NetworkTooLarge extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NetworkTooLarge(String message) {
    super(message);
  }
}
