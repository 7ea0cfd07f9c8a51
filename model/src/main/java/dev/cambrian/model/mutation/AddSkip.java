package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import dev.cambrian.model.Vertex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Adds an identity edge between two random vertices of the backbone that no edge joins yet, all such pairs alike, from
 * the earlier to the later, so never a cycle. Its precedences are random and below the backbone's.
 */
public final class AddSkip implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    List<Vertex> backbone = verticesOfBackbone(dna);
    List<int[]> pairs = new ArrayList<>();
    for (int i = 0; i < backbone.size(); i++) {
      for (int j = i + 2; j < backbone.size(); j++) {
        Vertex source = backbone.get(i);
        Vertex target = backbone.get(j);
        if (source.outputsMutable() && target.inputsMutable() && !dna.joined(source.id(), target.id())) {
          pairs.add(new int[] {source.id(), target.id()});
        }
      }
    }
    if (pairs.isEmpty()) {
      return Optional.empty();
    }
    int[] pair = Draw.oneOf(pairs, random);
    double depthPrecedence = Draw.uniform(0, Edge.BACKBONE, random);
    double scalePrecedence = Draw.uniform(0, Edge.BACKBONE, random);
    List<Edge> edges = new ArrayList<>(dna.edges());
    edges.add(Edge.identity(dna.nextId(), pair[0], pair[1], depthPrecedence, scalePrecedence));
    return Optional.of(dna.withEdges(edges));
  }

  private static List<Vertex> verticesOfBackbone(Dna dna) {
    List<Edge> edges = dna.backbone();
    List<Vertex> vertices = new ArrayList<>();
    vertices.add(dna.vertex(edges.get(0).source()));
    edges.forEach(edge -> vertices.add(dna.vertex(edge.target())));
    return vertices;
  }
}
