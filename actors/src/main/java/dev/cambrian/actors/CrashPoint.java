package dev.cambrian.actors;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The instants of the protocol at which a crash is tried: before and after whatever is written, and after whatever is
 * answered. With the system property {@code cambrian.crash-at=NAME:COUNT} the JVM halts, as under {@code kill -9}, when
 * the point of that name is reached for the COUNT-th time. Without it a point costs one comparison.
 *
 * <p>In the spine, {@code PERSISTED} lies between the journal's write and the head file's, {@code ANSWERED} after both.
 */
public enum CrashPoint {
  /** The experiment's first event. */
  START_PERSISTING,
  START_PERSISTED,
  START_ANSWERED,
  /** A first or next child for a worker that has none to report. */
  ASSIGN_PERSISTING,
  ASSIGN_PERSISTED,
  ASSIGN_ANSWERED,
  /** A child's result, and the same worker's next child with it. */
  REPORT_PERSISTING,
  REPORT_PERSISTED,
  REPORT_ANSWERED,
  /** A child whose worker was lost, under its next attempt. */
  REASSIGN_PERSISTING,
  REASSIGN_PERSISTED,
  REASSIGN_ANSWERED,
  /** A result that the biography told when it was asked before a new attempt. */
  RECOVER_PERSISTING,
  RECOVER_PERSISTED,
  RECOVER_ANSWERED,
  /** What a sweep of the weight store deleted. */
  COLLECT_SWEEPING,
  COLLECT_PERSISTING,
  COLLECT_PERSISTED,
  COLLECT_ANSWERED,
  /** A test accuracy. */
  TEST_PERSISTING,
  TEST_PERSISTED,
  TEST_ANSWERED,
  /** What somebody asked for while it ran. */
  CONTROL_PERSISTING,
  CONTROL_PERSISTED,
  CONTROL_ANSWERED,
  /** The head file beside the journal. */
  HEAD_WRITING,
  HEAD_WRITTEN,
  /** A genotype, in its biography. */
  CONCEIVE_PERSISTING,
  CONCEIVE_PERSISTED,
  CONCEIVE_ANSWERED,
  /** A model, in its biography. */
  TRAINED_PERSISTING,
  TRAINED_PERSISTED,
  TRAINED_ANSWERED,
  /** A failure, in its biography. */
  FAILED_PERSISTING,
  FAILED_PERSISTED,
  FAILED_ANSWERED,
  /** A new attempt, in its biography. */
  FENCE_PERSISTING,
  FENCE_PERSISTED,
  FENCE_ANSWERED,
  /** A reset of the weights, in its biography. */
  RESET_PERSISTING,
  RESET_PERSISTED,
  RESET_ANSWERED,
  /** A death, in its biography. */
  KILL_PERSISTING,
  KILL_PERSISTED,
  KILL_ANSWERED,
  /** A child's weights. */
  WEIGHTS_WRITING,
  WEIGHTS_WRITTEN;

  /** The system property that arms a point. */
  public static final String PROPERTY = "cambrian.crash-at";

  private static final String ARMED;
  private static final AtomicLong LEFT;

  static {
    String[] nameAndCount = System.getProperty(PROPERTY, "").split(":");
    ARMED = nameAndCount[0];
    LEFT = new AtomicLong(nameAndCount.length == 2 ? Long.parseLong(nameAndCount[1]) : 1);
  }

  /** Halts the JVM where this point is armed and its count is reached. */
  void reached() {
    if (name().equals(ARMED) && LEFT.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }
}
