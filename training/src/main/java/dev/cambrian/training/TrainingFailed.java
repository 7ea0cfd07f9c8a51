package dev.cambrian.training;

/** A training that gave no model, with the reason that the individual fails with. */
public final class TrainingFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why a child failed. */
  public enum Reason {
    /** The loss or a weight became NaN or infinite. */
    DIVERGED,
    /** More parameters, memory or FLOPs than the limits allow; decided before training. */
    TOO_LARGE,
    /** More time than the clock's guard allows. */
    TOO_SLOW,
    /** The device had no memory left. */
    OUT_OF_MEMORY,
    /** The engine failed in a way it has no word for. */
    ENGINE_ERROR
  }

  private final Reason reason;

  public TrainingFailed(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public TrainingFailed(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
