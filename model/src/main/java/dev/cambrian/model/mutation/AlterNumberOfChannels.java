package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Alters the number of channels x that a random convolution emits: uniform in [x/2, 2x], without an upper bound. What
 * is stored is the factor from input to output channels, so everything downstream is rescaled with it.
 */
public final class AlterNumberOfChannels implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    List<Edge> convolutions = dna.mutableConvolutions();
    if (convolutions.isEmpty()) {
      return Optional.empty();
    }
    Edge edge = Draw.oneOf(convolutions, random);
    return Optional.of(dna.withEdge(edge.withDepthFactor(Draw.around(edge.depthFactor(), random))));
  }
}
