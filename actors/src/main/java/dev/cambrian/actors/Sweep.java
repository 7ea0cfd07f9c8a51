package dev.cambrian.actors;

import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The sweep of the weight store; blocks on files and on biographies. */
final class Sweep {
  private Sweep() {}

  /** Who stays beside what the population names: its ancestors, where they do. */
  @FunctionalInterface
  interface Kept {
    Optional<Ancestry> find() throws Exception;
  }

  /** Deletes what is not kept and older than {@code age}; tells what went, in the order of addresses. */
  static PopulationCommand.Swept of(WeightStore store, Set<String> named, Kept kept, Duration age) {
    CrashPoint.COLLECT_SWEEPING.reached();
    try {
      Set<WeightsHash> staying = named.stream().map(WeightsHash::new).collect(Collectors.toSet());
      Optional<Ancestry> ancestry = kept.find();
      ancestry.ifPresent(all -> all.weights().forEach(weights -> staying.add(new WeightsHash(weights))));
      List<String> deleted = store.sweep(staying, age).stream().map(WeightsHash::hex).sorted().toList();
      return new PopulationCommand.Swept(deleted, ancestry.map(Ancestry::individuals).orElse(0), "");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return new PopulationCommand.Swept(List.of(), 0, "it was interrupted");
    } catch (Exception e) {
      return new PopulationCommand.Swept(List.of(), 0, String.valueOf(e.getMessage()));
    }
  }
}
