package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ThroughputTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Throughput throughput = new Throughput(START);

  private void heard(String worker, int second, long images, long trainedMillis) {
    throughput.heard(
        new WorkerProgress(worker, Optional.empty(), Optional.empty(), 0, 0, images, trainedMillis),
        START.plusSeconds(second));
  }

  @Test
  void trainingShare_isOfTheWallTimeSinceEachWorkerWasFirstHeardOf() {
    heard("a", 0, 0, 0);
    heard("b", 5, 0, 100);
    heard("a", 10, 0, 9_000);
    heard("b", 10, 0, 5_100);
    assertEquals(14.0 / 15, throughput.trainingShare(), 1e-9);
  }

  @Test
  void imagesPerSecond_isOfAllWorkersOverTheLastSeconds() {
    heard("a", 0, 0, 0);
    for (int second = 100; second <= 120; second++) {
      heard("a", second, 500L * second, 0);
      heard("b", second, 300L * (second - 100), 0);
    }
    assertEquals(800, throughput.imagesPerSecond(), 30);
  }

  @Test
  void perMinute_countsFromTheBeginningOfTheRun() {
    throughput.happened(new PopulationEvent.ChildTrained(START, 1, 1, 0.5, "", 1, 1, StreamHead.EMPTY));
    throughput.happened(new PopulationEvent.Resumed(START));
    throughput.happened(new PopulationEvent.ChildFailed(START, 2, 1, "TOO_LARGE", "", 0, StreamHead.EMPTY));
    assertEquals(4, throughput.perMinute(START.plusSeconds(30)), 1e-9);
    assertEquals(0, throughput.perMinute(START));
  }

  @Test
  void anyWorker_forgetsWhoWasNotHeardOf() {
    heard("a", 0, 0, 0);
    assertTrue(throughput.anyWorker(START.plusSeconds(5), Duration.ofSeconds(10)));
    assertFalse(throughput.anyWorker(START.plusSeconds(20), Duration.ofSeconds(10)));
  }
}
