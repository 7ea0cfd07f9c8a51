package dev.cambrian.actors;

import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The sweep of the weight store; blocks on files. */
final class Sweep {
  private Sweep() {}

  /** Deletes what is not named and older than {@code before}; tells what went, in the order of addresses. */
  static PopulationCommand.Swept of(WeightStore store, Set<String> named, Instant before) {
    CrashPoint.COLLECT_SWEEPING.reached();
    try {
      Set<WeightsHash> kept = named.stream().map(WeightsHash::new).collect(Collectors.toSet());
      List<String> deleted = store.sweep(kept, before).stream().map(WeightsHash::hex).sorted().toList();
      return new PopulationCommand.Swept(deleted, "");
    } catch (IOException | RuntimeException e) {
      return new PopulationCommand.Swept(List.of(), String.valueOf(e.getMessage()));
    }
  }
}
