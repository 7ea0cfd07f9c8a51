package dev.cambrian.model;

import dev.cambrian.model.Vertex.Activation;
import java.util.ArrayList;
import java.util.List;

/** Genotypes for tests, drawn by hand, for CIFAR-10's shape. */
final class Graphs {
  private Graphs() {}

  static final Shape IMAGE = new Shape(3, 32, 32);
  static final GraphSpace SPACE = new GraphSpace(IMAGE, 10);

  /** input -> 3x3, stride 2, 6 channels, BN+ReLU -> 3 high, 1 wide, 5 channels -> output, and a skip over both. */
  static Dna skipOverTwoConvolutions() {
    return new Dna(
        List.of(
            Vertex.input(0),
            Vertex.output(1),
            Vertex.hidden(3, Activation.BN_RELU)),
        List.of(
            Edge.convolution(4, 0, 3, 1).withDepthFactor(2),
            Edge.convolution(5, 3, 1, 0).withDepthFactor(5 / 6.0).withFilterHalfWidth(0),
            Edge.identity(6, 0, 1, 0.3, 0.7)),
        0.1,
        1e-4,
        7);
  }

  /** input -> 3x3 convolutions of stride 1, each with BN+ReLU -> output; vertices 3, 5, 7, ..., edges 4, 6, 8, ... */
  static Dna chain(int convolutions) {
    Dna dna = SPACE.initial(Seeds.random(0));
    List<Vertex> vertices = new ArrayList<>(dna.vertices());
    List<Edge> edges = new ArrayList<>();
    int last = 0;
    for (int i = 0; i < convolutions; i++) {
      vertices.add(Vertex.hidden(3 + 2 * i, Activation.BN_RELU));
      edges.add(Edge.convolution(4 + 2 * i, last, 3 + 2 * i, 0));
      last = 3 + 2 * i;
    }
    edges.add(Edge.identity(2, last, 1));
    return dna.withGraph(vertices, edges);
  }
}
