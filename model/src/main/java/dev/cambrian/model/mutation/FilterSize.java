package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Alters the width or the height, at random, of a random convolution's filters. The size k = 2h + 1 is drawn from [k/2,
 * 2k], not below 1, and rounds to an odd number. It is stored unrounded, so a 1x1 filter grows again as draws
 * accumulate. The child's filters start afresh where their shape changed; everything else is inherited.
 */
public final class FilterSize implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    List<Edge> convolutions = dna.mutableConvolutions();
    if (convolutions.isEmpty()) {
      return Optional.empty();
    }
    Edge edge = Draw.oneOf(convolutions, random);
    Edge altered = Draw.coin(random)
        ? edge.withFilterHalfWidth(drawHalf(edge.filterHalfWidth(), random))
        : edge.withFilterHalfHeight(drawHalf(edge.filterHalfHeight(), random));
    return Optional.of(dna.withEdge(altered));
  }

  private static double drawHalf(double half, RandomGenerator random) {
    double size = Draw.around(2 * half + 1, random);
    return Math.max(0, (size - 1) / 2);
  }
}
