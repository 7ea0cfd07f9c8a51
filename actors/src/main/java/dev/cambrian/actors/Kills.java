package dev.cambrian.actors;

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
  private static final int MANY = 64;
  private static final int NEWEST = 16;

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

  /**
   * Who can leave the outbox: those that were told of their death, once there are many. The newest are left out even
   * where they were told: so what is written depends on how many died, and hardly ever on how fast they were told.
   */
  List<Long> settled(PopulationState population) {
    if (population.outbox().size() < MANY) {
      return List.of();
    }
    List<Long> told = population.outbox().entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .limit(population.outbox().size() - NEWEST)
        .map(Map.Entry::getKey)
        .filter(acknowledged::contains)
        .toList();
    return told.size() < MANY - NEWEST ? List.of() : told;
  }

  /** These have left the outbox. */
  void forget(List<Long> individuals) {
    individuals.forEach(acknowledged::remove);
  }
}
