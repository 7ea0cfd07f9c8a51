package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Changes no gene: the child inherits no weights. Weights are not part of the genotype, so {@link
 * dev.cambrian.model.Offspring#inheritsWeights()} carries it.
 */
public final class ResetWeights implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    return Optional.of(dna);
  }
}
