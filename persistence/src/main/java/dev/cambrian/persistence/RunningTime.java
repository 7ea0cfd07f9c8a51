package dev.cambrian.persistence;

import java.time.Duration;
import java.time.Instant;

/**
 * How long an experiment has run up to an event: all its sittings, without the pauses between them.
 *
 * @param millis up to the last event
 * @param last the last event's time
 */
public record RunningTime(long millis, Instant last) {

  /** Before the first event. */
  public static final RunningTime NONE = new RunningTime(0, Instant.EPOCH);

  /** Whether an event is a sitting's first: the time since the event before it was no running time. */
  public static boolean begins(PopulationEvent event) {
    return event instanceof PopulationEvent.ExperimentStarted
        || event instanceof PopulationEvent.Resumed
        || event instanceof PopulationEvent.Forked;
  }

  /** With one more event. What the journal's repair writes counts no time, either. */
  public RunningTime and(PopulationEvent event) {
    boolean counts = !begins(event) && !(event instanceof PopulationEvent.LossAccepted);
    long since = counts ? Math.max(0, Duration.between(last, event.at()).toMillis()) : 0;
    return new RunningTime(millis + since, event.at());
  }
}
