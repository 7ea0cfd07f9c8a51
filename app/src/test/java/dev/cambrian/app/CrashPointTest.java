package dev.cambrian.app;

import static dev.cambrian.actors.CrashPoint.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cambrian.actors.CrashPoint;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariants 1 to 3 under a crash at every named instant of the protocol, audited after every one. A point that is not
 * reached fails the test.
 */
class CrashPointTest {
  /** All but those of an experiment that is steered: {@link SteeringCrashTest}. */
  private static final int ALL =
      CrashPoint.values().length - SteeringCrashTest.REQUEST.size() - SteeringCrashTest.RESET.size();

  /** The points of an experiment's first event, up to its being on disk. */
  private static final List<CrashPoint> BIRTH = List.of(START_PERSISTING, START_PERSISTED);

  /**
   * The others, in an order in which every crash leaves what the next one needs: a child without a result for FENCE and
   * REASSIGN, one whose result only its biography knows for RECOVER. What is fenced once is not fenced again before it
   * was assigned again.
   */
  private static final List<CrashPoint> LIFE = List.of(
      START_ANSWERED, ASSIGN_PERSISTING, ASSIGN_PERSISTED,
      FENCE_PERSISTING, FENCE_PERSISTED, REASSIGN_PERSISTING, REASSIGN_PERSISTED, REASSIGN_ANSWERED, FENCE_ANSWERED,
      ASSIGN_ANSWERED,
      REPORT_PERSISTING, REPORT_PERSISTED, REPORT_ANSWERED,
      CONCEIVE_PERSISTING, CONCEIVE_PERSISTED, CONCEIVE_ANSWERED,
      WEIGHTS_WRITING, WEIGHTS_WRITTEN,
      TRAINED_PERSISTING, TRAINED_PERSISTED, RECOVER_PERSISTING, RECOVER_PERSISTED,
      TRAINED_ANSWERED, RECOVER_ANSWERED,
      FAILED_PERSISTING, FAILED_PERSISTED, FAILED_ANSWERED,
      KILL_PERSISTING, KILL_PERSISTED, KILL_ANSWERED,
      HEAD_WRITING, HEAD_WRITTEN,
      COLLECT_SWEEPING, COLLECT_PERSISTING, COLLECT_PERSISTED, COLLECT_ANSWERED,
      TEST_PERSISTING, TEST_PERSISTED, TEST_ANSWERED);

  /** What a run needs to come to a point that lies on no child's way. */
  private static final int INDIVIDUALS = 400;

  /** Children of a run that ends; enough for a new best, whose test accuracy is read. */
  private static final int TO_THE_END = 60;

  @TempDir Path folder;

  @Test
  void crashedOnceAtEveryPoint_everyAcknowledgedEventIsThereAndEvolutionGoesOn() throws Exception {
    crashAtEveryPoint(1);
  }

  @Test
  @Tag("long")
  void crashedFiveTimesAtEveryPoint_everyAcknowledgedEventIsThereAndEvolutionGoesOn() throws Exception {
    for (int round = 1; round <= 5; round++) {
      crashAtEveryPoint(round);
    }
  }

  private void crashAtEveryPoint(int round) throws Exception {
    Map<CrashPoint, Integer> crashes = new EnumMap<>(CrashPoint.class);
    for (List<CrashPoint> points : List.of(BIRTH, LIFE)) {
      try (CrashHarness harness = new CrashHarness(folder, "crashed-" + points.get(0) + "-" + round, 100)) {
        long conceived = 0;
        for (CrashPoint point : points) {
          conceived = crashAt(harness, point, round, conceived);
          crashes.merge(point, 1, Integer::sum);
        }
        harness.finish(conceived + TO_THE_END);
      }
    }
    assertEquals(ALL, crashes.size());
  }

  private static long crashAt(CrashHarness harness, CrashPoint point, int round, long conceived) throws Exception {
    String name = point.name();
    String until = "individuals=" + (conceived + (name.startsWith("TEST_") ? TO_THE_END : INDIVIDUALS));
    if (name.startsWith("COLLECT_")) {
      harness.ageWeights();
    }
    // More workers than children that a crash left: some find nothing but a new child.
    harness.workers(point == ASSIGN_ANSWERED ? 7 : 4);
    CrashHarness.Run run =
        harness.evolve(until, "-D" + CrashPoint.PROPERTY + "=" + point + ":" + count(point, round));
    assertEquals(137, run.exitCode(), () -> point + " was not reached by " + run);
    CrashAudit audit = harness.audit(run);
    assertFalse(audit.state().conceived() < conceived, point + " lost somebody");
    return audit.state().conceived();
  }

  /** Which time that a point is reached is meant: later in later rounds where it is reached often. */
  private static int count(CrashPoint point, int round) {
    switch (point.name().split("_")[0]) {
      case "ASSIGN":
        return point == ASSIGN_PERSISTED ? 2 : 1;
      case "REPORT", "CONCEIVE", "TRAINED", "WEIGHTS", "KILL":
        return 7 * round;
      case "HEAD":
        return 11 * round;
      case "FAILED":
        return round;
      default:
        return 1;
    }
  }
}
