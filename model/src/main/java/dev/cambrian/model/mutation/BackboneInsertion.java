package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import dev.cambrian.model.Edge;
import dev.cambrian.model.Vertex;
import dev.cambrian.model.Vertex.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Puts a new edge and the vertex that it enters into a random edge of the backbone: {@code u -> w} becomes {@code u ->
 * new vertex -> w}, where the first is the new edge and the second the old one. The vertex is BN_RELU or LINEAR with
 * equal chance. Skips stay where they were.
 */
final class BackboneInsertion {
  private BackboneInsertion() {}

  /** What the new edge is, between two vertices. */
  interface NewEdge {
    Edge between(int id, int source, int target);
  }

  static Optional<Dna> apply(Dna dna, NewEdge newEdge, RandomGenerator random) {
    List<Edge> places = dna.backbone().stream().filter(dna::isMutable).toList();
    if (places.isEmpty()) {
      return Optional.empty();
    }
    Edge place = Draw.oneOf(places, random);
    Activation activation = Draw.coin(random) ? Activation.BN_RELU : Activation.LINEAR;
    Vertex vertex = Vertex.hidden(dna.nextId(), activation);
    Edge inserted = newEdge.between(dna.nextId() + 1, place.source(), vertex.id());

    List<Vertex> vertices = new ArrayList<>(dna.vertices());
    vertices.add(vertex);
    List<Edge> edges = new ArrayList<>(dna.edges());
    edges.set(edges.indexOf(place), place.withSource(vertex.id()));
    edges.add(inserted);
    return Optional.of(dna.withGraph(vertices, edges));
  }
}
