package dev.cambrian.model;

import java.util.List;

/**
 * A mutated copy.
 *
 * @param mutations what was applied, in order
 * @param inheritsWeights false where a reset-weights mutation was among them
 */
public record Offspring<G>(G genotype, List<MutationKind> mutations, boolean inheritsWeights) {
  public Offspring {
    mutations = List.copyOf(mutations);
  }
}
