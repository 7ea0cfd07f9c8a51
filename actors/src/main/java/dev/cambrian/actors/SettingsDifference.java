package dev.cambrian.actors;

import dev.cambrian.persistence.ExperimentSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Compares what an experiment was started with and what it is asked to go on with, key by key. */
public final class SettingsDifference {
  private SettingsDifference() {}

  /** One key whose value differs. */
  public record Difference(String key, String stored, String asked) {}

  private record Compared(String key, Function<ExperimentSettings, Object> value) {}

  private static final List<Compared> COMPARED = List.of(
      new Compared("cambrian.data.kind", s -> s.data().dataset()),
      new Compared("cambrian.evolution.population", ExperimentSettings::population),
      new Compared("cambrian.evolution.selection", ExperimentSettings::strategy),
      new Compared("cambrian.evolution.mutations-per-reproduction", s -> s.mutation().perReproduction()),
      new Compared("cambrian.evolution.mutation-weights", s -> s.mutation().weights()),
      new Compared("cambrian.evolution.inheritance", ExperimentSettings::inheritance),
      new Compared("cambrian.evolution.seed", ExperimentSettings::seed),
      new Compared("cambrian.training.engine", s -> s.training().engine()),
      new Compared("cambrian.training.steps", s -> s.training().steps()),
      new Compared("cambrian.training.batch", s -> s.training().batch()),
      new Compared("cambrian.training.momentum", s -> s.training().momentum()),
      new Compared("cambrian.training.weight-decay", s -> s.training().weightDecay()),
      new Compared("cambrian.training.precision", s -> s.training().precision()),
      new Compared("cambrian.training.augmentation", s -> s.training().augmentation()),
      new Compared("cambrian.training.limits.parameters", s -> s.training().maxParameters()),
      new Compared("cambrian.training.limits.memory", s -> s.training().maxMemoryMib()),
      new Compared("cambrian.training.limits.flops", s -> s.training().maxFlops()),
      new Compared("cambrian.storage.keep", ExperimentSettings::keep));

  /** Every key that differs. Where the data lie may differ: that they are the same is another check. */
  public static List<Difference> between(ExperimentSettings stored, ExperimentSettings asked) {
    List<Difference> differences = new ArrayList<>();
    for (Compared compared : COMPARED) {
      Object before = compared.value().apply(stored);
      Object now = compared.value().apply(asked);
      if (!before.equals(now)) {
        differences.add(new Difference(compared.key(), before.toString(), now.toString()));
      }
    }
    return differences;
  }
}
