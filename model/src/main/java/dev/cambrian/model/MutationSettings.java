package dev.cambrian.model;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How children differ from their parents: how many mutations a reproduction applies (Real17: 1, and 5 for a while to
 * leave a local optimum), and the weight of each kind in the draw (Real17: all 1, never tuned). An immutable value that
 * can change while an experiment runs.
 */
public record MutationSettings(int perReproduction, Map<MutationKind, Double> weights) {

  public MutationSettings {
    if (perReproduction < 1) {
      throw new IllegalArgumentException("mutations-per-reproduction must be at least 1, not " + perReproduction);
    }
    // Ordered by kind, so that it is written and drawn from in the same order everywhere.
    Map<MutationKind, Double> full = new EnumMap<>(MutationKind.class);
    for (MutationKind kind : MutationKind.values()) {
      full.put(kind, 1.0);
    }
    full.putAll(weights);
    full.forEach((kind, weight) -> {
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("the weight of mutation " + kind + " must be 0 or more, not " + weight);
      }
    });
    if (full.values().stream().noneMatch(weight -> weight > 0)) {
      throw new IllegalArgumentException("the weight of at least one mutation must be above 0");
    }
    weights = Collections.unmodifiableMap(full);
  }

  /** Real17's own: one mutation per reproduction, every kind equally likely. */
  public static MutationSettings paper() {
    return new MutationSettings(1, Map.of());
  }
}
