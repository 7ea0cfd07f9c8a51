package dev.cambrian.actors;

import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a node counts and times, as Prometheus scrapes it. What it says of the population it says on the node where the
 * population lives, and counts from when it came there; counters begin at nothing with every process.
 */
public final class Metrics {
  private static final double MILLIS = 1000;
  private static final double NANOS = 1e9;
  private static final String STATE = "state";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter steps = Counter.builder().name("cambrian_steps_total")
      .help("Tournaments and first assignments that were decided.").register(registry);
  private final Counter ended = Counter.builder().name("cambrian_trainings_total")
      .help("Trainings that ended, by result: trained, or the reason of the failure.").labelNames("result")
      .register(registry);
  private final Counter again = Counter.builder().name("cambrian_reassigned_total")
      .help("Children that were handed out again because their worker was lost.").register(registry);
  private final Counter events = Counter.builder().name("cambrian_events_total")
      .help("Events that the population wrote.").register(registry);
  private final Histogram training = Histogram.builder().name("cambrian_training_seconds")
      .help("Training and validation of one individual.")
      .classicOnly().classicUpperBounds(0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000)
      .register(registry);
  private final Histogram journal = Histogram.builder().name("cambrian_journal_write_seconds")
      .help("From the population's decision until the journal holds its events.")
      .classicOnly().classicUpperBounds(0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
      .register(registry);
  private final Gauge individuals = Gauge.builder().name("cambrian_individuals")
      .help("Individuals by state: alive, training, dead, failed.").labelNames(STATE).register(registry);
  private final Gauge waiting = Gauge.builder().name("cambrian_waiting_children")
      .help("Children in training that wait for a worker.").register(registry);
  private final Gauge best = Gauge.builder().name("cambrian_best_fitness")
      .help("The highest validation accuracy so far, 0 to 1.").register(registry);
  private final Gauge mean = Gauge.builder().name("cambrian_mean_fitness")
      .help("The mean validation accuracy of the living, 0 to 1.").register(registry);
  private final Gauge flops = Gauge.builder().name("cambrian_flops")
      .help("Floating-point operations that the experiment spent on training and validation.").register(registry);
  private final Gauge idle = Gauge.builder().name("cambrian_workers_idle_share")
      .help("The share of the workers' time that they did not train, 0 to 1, of the present run.").register(registry);
  private final Gauge images = Gauge.builder().name("cambrian_images_per_second")
      .help("Training images per second of all workers, over the last seconds.").register(registry);

  /** Those of a node that has just begun. */
  public Metrics() {
    JvmMetrics.builder().register(registry);
  }

  /** An event of the population is in the journal. */
  void happened(PopulationEvent event) {
    events.inc();
    if (event instanceof PopulationEvent.InitialAssigned || event instanceof PopulationEvent.TournamentHeld) {
      steps.inc();
    } else if (event instanceof PopulationEvent.ChildTrained) {
      ended.labelValues("trained").inc();
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      ended.labelValues(failed.reason()).inc();
    } else if (event instanceof PopulationEvent.Reassigned) {
      again.inc();
    }
  }

  /** A child's training was reported. */
  void reported(IndividualEvent.Trained trained) {
    training.observe(trained.tookMillis() / MILLIS);
  }

  /** The population's events were written in this time. */
  void written(Duration took) {
    journal.observe(took.toNanos() / NANOS);
  }

  /** The experiment is like this now, and so many of its children wait for a worker. */
  void is(Status status, int waitingChildren) {
    individuals.labelValues("alive").set(status.alive());
    individuals.labelValues("training").set(status.training());
    individuals.labelValues("dead").set(status.dead());
    individuals.labelValues("failed").set(status.failed());
    status.best().ifPresent(model -> best.set(model.fitness()));
    mean.set(status.meanFitness());
    flops.set(status.flops());
    idle.set(1 - status.trainingShare());
    images.set(status.imagesPerSecond());
    waiting.set(waitingChildren);
  }

  /** All of it, in Prometheus' text format 0.0.4. */
  public String text() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
