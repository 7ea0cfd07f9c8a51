package dev.cambrian.app;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Weights that were stored, and of which a crash kept any event from telling. Where all weights are kept, nothing is
 * deleted while evolution runs; so these are found by the whole history, when an experiment is gone on with.
 */
final class Leftovers {
  private Leftovers() {}

  /**
   * Deletes what no event names and is older than {@code age}; nothing, where events were lost: they may have named
   * it. For whoever holds the home's lock.
   *
   * @return how many were deleted
   */
  static int sweep(ExperimentHome home, WeightStore store, Duration age) throws IOException {
    Set<WeightsHash> named = new HashSet<>();
    AtomicBoolean lost = new AtomicBoolean();
    try (JournalReader history = Journal.of(home).read()) {
      history.spine((link, event) -> {
        if (event instanceof PopulationEvent.LossAccepted) {
          lost.set(true);
        }
      });
      history.biographies((individual, events) -> events.forEach(event -> {
        if (event instanceof IndividualEvent.Trained trained) {
          named.add(new WeightsHash(trained.weights()));
        }
      }));
    }
    return lost.get() ? 0 : store.sweep(named, age).size();
  }
}
