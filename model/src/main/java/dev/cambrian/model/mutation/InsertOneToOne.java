package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Edge;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Inserts an identity edge and its vertex at a random place of the backbone, as {@link InsertConvolution} does. */
public final class InsertOneToOne implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    return BackboneInsertion.apply(dna, Edge::identity, random);
  }
}
