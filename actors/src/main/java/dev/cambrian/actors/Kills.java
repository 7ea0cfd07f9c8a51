package dev.cambrian.actors;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** How far the outbox is delivered: which kills were sent and when, and which the next event takes out of it. */
final class Kills {
  private final Duration again;
  private final Map<Long, Instant> sent = new HashMap<>();
  private final Set<Long> acknowledged = new HashSet<>();

  /** @param again when a kill without an answer is sent again */
  Kills(Duration again) {
    this.again = again;
  }

  /** Nothing is known to be sent. */
  void forget() {
    sent.clear();
    acknowledged.clear();
  }

  /** The kills to be sent now, by individual, of those whose events are on disk; they count as sent. */
  SortedMap<Long, Long> due(PopulationState population, OnDisk onDisk, Instant now) {
    SortedMap<Long, Long> due = new TreeMap<>();
    population.outbox().forEach((individual, event) -> {
      Instant before = sent.get(individual);
      boolean late = before == null || !now.isBefore(before.plus(again));
      if (late && onDisk.holds(event) && !acknowledged.contains(individual)) {
        sent.put(individual, now);
        due.put(individual, event);
      }
    });
    return due;
  }

  /** A biography knows of its death. */
  void acknowledged(long individual) {
    sent.remove(individual);
    acknowledged.add(individual);
  }

  /** Whether every kill in the outbox is known to its biography. */
  boolean allAcknowledged(PopulationState population) {
    return acknowledged.containsAll(population.outbox().keySet());
  }

  /** The population without the kills that were acknowledged, which need not be remembered longer. */
  PopulationState settle(PopulationState population) {
    PopulationState settled = population.acknowledged(acknowledged);
    acknowledged.clear();
    return settled;
  }
}
