package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final Metrics metrics = new Metrics();

  @Test
  void text_hasWhatHappened() {
    metrics.happened(new PopulationEvent.Resumed(NOW));
    metrics.happened(new PopulationEvent.InitialAssigned(NOW, 1, 11, "a/cpu/0"));
    metrics.happened(new PopulationEvent.ChildTrained(NOW, 1, 1, 0.5, "", 1, 1, StreamHead.EMPTY));
    metrics.happened(new PopulationEvent.ChildFailed(NOW, 2, 1, "TOO_LARGE", "", 0, StreamHead.EMPTY));
    metrics.happened(new PopulationEvent.ChildFailed(NOW, 3, 1, "TOO_LARGE", "", 0, StreamHead.EMPTY));
    metrics.happened(new PopulationEvent.Reassigned(NOW, 4, 2, "b/cpu/0"));
    assertEquals("6.0", value("cambrian_events_total"));
    assertEquals("1.0", value("cambrian_steps_total"));
    assertEquals("1.0", value("cambrian_trainings_total{result=\"trained\"}"));
    assertEquals("2.0", value("cambrian_trainings_total{result=\"TOO_LARGE\"}"));
    assertEquals("1.0", value("cambrian_reassigned_total"));
  }

  @Test
  void text_hasTimesInSeconds() {
    metrics.written(Duration.ofMillis(2));
    metrics.reported(new IndividualEvent.Trained(NOW, 1, 0.5, "", 1, List.of(), 2500, "a/cpu/0"));
    assertEquals("0.002", value("cambrian_journal_write_seconds_sum"));
    assertEquals("0", value("cambrian_journal_write_seconds_bucket{le=\"0.001\"}"));
    assertEquals("1", value("cambrian_journal_write_seconds_bucket{le=\"0.003\"}"));
    assertEquals("2.5", value("cambrian_training_seconds_sum"));
  }

  @Test
  void text_hasHowTheExperimentIs() {
    metrics.is(new Status("x", Status.State.RUNNING, 9, 8, 3, 2, 2, 1,
        Optional.of(new Status.Best(4, 0.75, "", 10, OptionalDouble.empty())), 0.5, 1e9, 60, 4, 1000, 0.9, List.of()), 1);
    assertEquals("3.0", value("cambrian_individuals{state=\"alive\"}"));
    assertEquals("2.0", value("cambrian_individuals{state=\"training\"}"));
    assertEquals("0.75", value("cambrian_best_fitness"));
    assertEquals(0.1, Double.parseDouble(value("cambrian_workers_idle_share")), 1e-9);
    assertEquals("1.0", value("cambrian_waiting_children"));
    assertTrue(metrics.text().contains("jvm_memory_used_bytes"), "and the JVM's own");
  }

  private String value(String name) {
    return metrics.text().lines().filter(line -> line.startsWith(name + " ")).map(line -> line.split(" ")[1])
        .collect(Collectors.joining());
  }
}
