package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Alters the stride of a random convolution, in powers of 2: the logarithm s is drawn from U[s - 1, s + 1]; a draw
 * below 0 becomes 0. Stride 1 can be left: a quarter of the draws from s = 0 round to stride 2.
 */
public final class AlterStride implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    List<Edge> convolutions = dna.mutableConvolutions();
    if (convolutions.isEmpty()) {
      return Optional.empty();
    }
    Edge edge = Draw.oneOf(convolutions, random);
    double drawn = Draw.uniform(edge.strideScale() - 1, edge.strideScale() + 1, random);
    return Optional.of(dna.withEdge(edge.withStrideScale(Math.max(0, drawn))));
  }
}
