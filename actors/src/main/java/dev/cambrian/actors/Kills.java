package dev.cambrian.actors;

import dev.cambrian.persistence.PopulationEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** How far the outbox is delivered: which kills were sent and when, and which their biographies know of. */
final class Kills {
  private static final int MANY = 32;
  private static final int FULL = 64;
  private static final int LEAVING = 48;

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

  /** Whether so many wait in the outbox that they should be sent without waiting for the next tick. */
  static boolean many(PopulationState population) {
    return population.outbox().size() >= MANY;
  }

  /**
   * Who must leave the outbox before the next step: the oldest, in one event, where it is full. Which they are, and
   * when, follows from the history alone and not from how fast they are told: the same seed gives the same events.
   */
  static List<Long> leaving(PopulationState population) {
    return population.outbox().size() < FULL
        ? List.of()
        : population.outbox().entrySet().stream()
            .sorted(Map.Entry.comparingByValue())
            .limit(LEAVING)
            .map(Map.Entry::getKey)
            .toList();
  }

  /** Whether all of them are known to their biographies. */
  boolean acknowledged(List<Long> individuals) {
    return acknowledged.containsAll(individuals);
  }

  /** After an event some may have left the outbox. */
  void happened(PopulationEvent event) {
    if (event instanceof PopulationEvent.KillsAcknowledged told) {
      told.individuals().forEach(acknowledged::remove);
    }
  }
}
