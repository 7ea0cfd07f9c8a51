package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Inserts a convolution at a random place of the backbone: 3x3, stride 1 or 2 at random, as many channels as its input,
 * then at random batch norm and ReLU, or nothing.
 */
public final class InsertConvolution implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    double strideScale = Draw.coin(random) ? 0 : 1;
    return BackboneInsertion.apply(
        dna, (id, source, target) -> Edge.convolution(id, source, target, strideScale), random);
  }
}
