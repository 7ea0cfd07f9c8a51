package dev.cambrian.persistence.history;

import dev.cambrian.persistence.PopulationEvent;
import java.time.Duration;
import java.time.Instant;

/** How long an experiment has run up to an event: all its sittings, without the pauses between them. */
final class RunningTime {
  private static final double MILLIS = 1000;

  private Instant last = Instant.EPOCH;
  private long millis;
  private int sittings;

  /** Takes the spine's next event. */
  void add(PopulationEvent event) {
    boolean sits = event instanceof PopulationEvent.ExperimentStarted
        || event instanceof PopulationEvent.Resumed
        || event instanceof PopulationEvent.Forked;
    if (sits) {
      sittings++;
    } else if (!(event instanceof PopulationEvent.LossAccepted)) {
      millis += Math.max(0, Duration.between(last, event.at()).toMillis());
    }
    last = event.at();
  }

  /** Seconds up to the last event. */
  double seconds() {
    return millis / MILLIS;
  }

  /** The number of the sitting that the last event belongs to, from 1. */
  int sitting() {
    return sittings;
  }
}
