package dev.cambrian.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a {@link Dna} when a whole history of them is compared.
 *
 * @param depth the convolutions on the way from input to output that has most of them
 * @param convolutions all of them, on the backbone or not
 * @param skips the ids of the skips; a child's skip of the same id is its parent's
 */
public record Structure(double learningRate, double weightDecay, int depth, int convolutions, List<Integer> skips) {
  public Structure {
    skips = List.copyOf(skips);
  }

  /** The structure of a genotype. */
  public static Structure of(Dna dna) {
    int convolutions = (int) dna.edges().stream().filter(edge -> edge.type() == Edge.Type.CONV).count();
    List<Integer> skips = dna.skips().stream().map(Edge::id).sorted().toList();
    return new Structure(dna.learningRate(), dna.weightDecay(), depth(dna), convolutions, skips);
  }

  /** The structure of a genotype's JSON; empty where it is no genotype of {@link GraphSpace}. */
  public static Optional<Structure> read(String genotype) {
    try {
      return Optional.of(of(DnaJson.read(genotype)));
    } catch (IllegalArgumentException ofAnotherSpace) {
      return Optional.empty();
    }
  }

  private static int depth(Dna dna) {
    Map<Integer, Integer> deepest = new HashMap<>();
    int depth = 0;
    for (Vertex vertex : dna.topologicalOrder()) {
      int here = deepest.getOrDefault(vertex.id(), 0);
      depth = Math.max(depth, here);
      for (Edge edge : dna.edges()) {
        if (edge.source() == vertex.id()) {
          deepest.merge(edge.target(), here + (edge.type() == Edge.Type.CONV ? 1 : 0), Math::max);
        }
      }
    }
    return depth;
  }
}
