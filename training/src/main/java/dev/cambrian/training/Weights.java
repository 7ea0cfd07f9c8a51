package dev.cambrian.training;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The values of a network's variables by variable id, batch-norm averages included; ids in ascending order. */
public record Weights(Map<String, Tensor> tensors) {

  public Weights {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }

  /** No weights: everything starts from its initializer. */
  public static Weights none() {
    return new Weights(Map.of());
  }
}
