package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import dev.cambrian.model.Vertex;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Excises a random convolution of the backbone together with the vertex that it enters: the inverse of {@link
 * InsertConvolution}.
 *
 * <p>The paper is silent on skips at that vertex. Here, what left it leaves the convolution's source instead, unless
 * that would double an edge (the backbone's stays); a skip that entered it goes with it. One-to-one pairs are no
 * convolutions and stay.
 */
public final class RemoveConvolution implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    List<Edge> backbone = dna.backbone();
    List<Edge> removable = backbone.stream().filter(edge -> isRemovable(edge, dna, backbone)).toList();
    if (removable.isEmpty()) {
      return Optional.empty();
    }
    Edge excised = Draw.oneOf(removable, random);

    List<Edge> edges = new ArrayList<>();
    for (Edge edge : dna.edges()) {
      if (edge.source() == excised.target()) {
        edges.add(edge.withSource(excised.source()));
      } else if (edge.target() != excised.target()) {
        edges.add(edge);
      }
    }
    List<Vertex> vertices =
        dna.vertices().stream().filter(vertex -> vertex.id() != excised.target()).toList();
    return Optional.of(dna.withGraph(vertices, withoutDoubles(edges)));
  }

  private static boolean isRemovable(Edge edge, Dna dna, List<Edge> backbone) {
    Vertex vertex = dna.vertex(edge.target());
    return edge.type() == Edge.Type.CONV
        && dna.isMutable(edge)
        && vertex.propertiesMutable()
        && vertex.outputsMutable()
        && dna.incoming(vertex.id()).stream().allMatch(in -> leavesBackbone(in, backbone));
  }

  /** A vertex off the backbone must not lose its only way to the output. */
  private static boolean leavesBackbone(Edge edge, List<Edge> backbone) {
    return backbone.stream().anyMatch(other -> other.source() == edge.source());
  }

  private static List<Edge> withoutDoubles(List<Edge> edges) {
    Set<Edge> doubled = new HashSet<>();
    for (Edge one : edges) {
      for (Edge other : edges) {
        if (one.id() != other.id()
            && one.source() == other.source()
            && one.target() == other.target()
            && (one.depthPrecedence() < other.depthPrecedence()
                || one.depthPrecedence() == other.depthPrecedence() && one.id() > other.id())) {
          doubled.add(one);
        }
      }
    }
    return edges.stream().filter(edge -> !doubled.contains(edge)).toList();
  }
}
