package dev.cambrian.model;

import java.util.random.RandomGenerator;

/** Genotypes for tests: what a lineage looks like after so many random mutations. */
final class Lineages {
  private Lineages() {}

  static Dna evolved(GraphSpace space, int mutations, long seed) {
    return evolved(space, MutationSettings.paper(), mutations, seed);
  }

  /** The last of a lineage; a child that would have more than a million parameters is not taken. */
  static Dna evolved(GraphSpace space, MutationSettings settings, int mutations, long seed) {
    RandomGenerator random = Seeds.random(seed);
    Dna dna = space.initial(random);
    for (int i = 0; i < mutations; i++) {
      Dna child = space.mutate(dna, settings, random).genotype();
      if (space.express(child).parameters() < 1_000_000) {
        dna = child;
      }
    }
    return dna;
  }
}
