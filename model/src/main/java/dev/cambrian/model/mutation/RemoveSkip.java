package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Removes a random skip. */
public final class RemoveSkip implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    List<Edge> skips = dna.skips().stream().filter(dna::isMutable).toList();
    if (skips.isEmpty()) {
      return Optional.empty();
    }
    Edge removed = Draw.oneOf(skips, random);
    return Optional.of(dna.withEdges(
        dna.edges().stream().filter(edge -> edge.id() != removed.id()).toList()));
  }
}
