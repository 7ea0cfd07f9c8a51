package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.actors.Status;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {

  @Test
  void minutes_areCountedOverAllSittings() {
    ProgressMeter meter = new ProgressMeter(until(OptionalLong.empty(), OptionalDouble.of(4), OptionalDouble.empty()));
    Progress progress = meter.progress(status(10, 60, 1e9, 0.5));
    assertEquals(0.25, progress.done().orElseThrow());
    assertEquals(180, progress.secondsLeft().orElseThrow());
  }

  @Test
  void individuals_leftAtTheSpeedOfThisSitting() {
    ProgressMeter meter =
        new ProgressMeter(until(OptionalLong.of(110), OptionalDouble.empty(), OptionalDouble.empty()));
    assertEquals(OptionalDouble.empty(), meter.progress(status(50, 1000, 1e9, 0.5)).secondsLeft());
    Progress progress = meter.progress(status(60, 1010, 1e9, 0.5));
    assertEquals(50, progress.secondsLeft().orElseThrow(), 1e-9);
    assertEquals(60 / 110.0, progress.done().orElseThrow(), 1e-9);
  }

  @Test
  void severalEnds_theNearestCounts() {
    ProgressMeter meter =
        new ProgressMeter(until(OptionalLong.of(1000), OptionalDouble.of(10), OptionalDouble.of(1e12)));
    meter.progress(status(0, 0, 0, 0.1));
    Progress progress = meter.progress(status(100, 60, 9e11, 0.5));
    assertEquals(0.9, progress.done().orElseThrow(), 1e-9);
    assertEquals(60 / 9.0, progress.secondsLeft().orElseThrow(), 1e-9);
  }

  @Test
  void withoutAnEnd_thereIsNoTimeLeft() {
    ProgressMeter meter =
        new ProgressMeter(until(OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
    Progress progress = meter.progress(status(10, 60, 1e9, 0.5));
    assertEquals(OptionalDouble.empty(), progress.done());
    assertEquals(OptionalDouble.empty(), progress.secondsLeft());
  }

  @Test
  void curve_keepsItsShapeHoweverLongItRuns() {
    ProgressMeter meter =
        new ProgressMeter(until(OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
    for (int i = 0; i < 100_000; i++) {
      meter.progress(status(i, i, i, i / 100_000.0));
    }
    List<Double> curve = meter.curve();
    assertTrue(curve.size() > 200 && curve.size() <= 512, "points: " + curve.size());
    assertEquals(0.5, curve.get(curve.size() / 2), 0.01 + 0.5 * (1 - curve.get(curve.size() - 1)));
    assertEquals(curve.stream().sorted().toList(), curve);
  }

  @Test
  void runningIsCalledEvolving_andNobodyHasNoMean() {
    ProgressMeter meter =
        new ProgressMeter(until(OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
    Progress progress = meter.progress(new Status("mine", Status.State.RUNNING, 1, 1, 0, 0, 1, 0, Optional.empty(),
        Double.NaN, 0, 0, 0, 0, 0, List.of(new Status.Training("w", 1, 1, 3, 10, 0.5))));
    assertEquals("evolving", progress.state());
    assertEquals(OptionalDouble.empty(), progress.mean());
    assertEquals(List.of(new Progress.Slot(1, 3, 10)), progress.slots());
  }

  private static Configuration.Until until(OptionalLong individuals, OptionalDouble minutes, OptionalDouble flops) {
    return new Configuration.Until(individuals, minutes, OptionalDouble.empty(), flops);
  }

  private static Status status(long individuals, double elapsed, double flops, double best) {
    return new Status("mine", Status.State.RUNNING, 1, individuals, 1, 0, 0, 0,
        Optional.of(new Status.Best(1, best, "0".repeat(64), 10, OptionalDouble.empty())), best, flops, elapsed,
        0, 0, 0, List.of());
  }
}
