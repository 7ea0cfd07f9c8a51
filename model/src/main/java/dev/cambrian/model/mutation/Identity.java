package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Changes nothing: the child trains on from its parent's weights. */
public final class Identity implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    return Optional.of(dna);
  }
}
