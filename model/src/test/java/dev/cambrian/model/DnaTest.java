package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Vertex.Activation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnaTest {

  private static final Vertex INPUT = Vertex.input(0);
  private static final Vertex OUTPUT = Vertex.output(1);

  private static void assertRefused(String why, List<Vertex> vertices, List<Edge> edges) {
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> new Dna(vertices, edges, 0.1, 1e-4, 100));
    assertTrue(refused.getMessage().contains(why), refused.getMessage());
  }

  private static Vertex hidden(int id) {
    return Vertex.hidden(id, Activation.LINEAR);
  }

  @Test
  void cycle_isRefused() {
    assertRefused("cycle", List.of(INPUT, hidden(2), hidden(3), OUTPUT), List.of(
        Edge.identity(10, 0, 2), Edge.identity(11, 2, 3), Edge.identity(12, 3, 2), Edge.identity(13, 3, 1)));
  }

  @Test
  void looseEnds_areRefused() {
    assertRefused("not 2 and 1", List.of(INPUT, hidden(2), OUTPUT), List.of(
        Edge.identity(10, 0, 1), Edge.identity(11, 2, 1)));
    assertRefused("not 1 and 2", List.of(INPUT, hidden(2), OUTPUT), List.of(
        Edge.identity(10, 0, 1), Edge.identity(11, 0, 2)));
    assertRefused("not 2 and 2", List.of(INPUT, OUTPUT), List.of());
    assertRefused("not 0 and 0", List.of(), List.of());
    assertRefused("two vertices", List.of(INPUT), List.of());
  }

  @Test
  void edgeToNowhere_isRefused() {
    assertRefused("edge 10 goes from vertex 0 to vertex 7, and there is no vertex 7",
        List.of(INPUT, OUTPUT), List.of(Edge.identity(10, 0, 7)));
    assertRefused("there is no vertex 8", List.of(INPUT, OUTPUT), List.of(Edge.identity(10, 8, 1)));
  }

  @Test
  void doubledEdgesAndIds_areRefused() {
    assertRefused("two edges go from vertex 0 to vertex 1",
        List.of(INPUT, OUTPUT), List.of(Edge.identity(10, 0, 1), Edge.identity(11, 0, 1)));
    assertRefused("the id 1 is given twice", List.of(INPUT, OUTPUT), List.of(Edge.identity(1, 0, 1)));
    assertRefused("the id 100 is not between 0 and the next id 100",
        List.of(INPUT, OUTPUT), List.of(Edge.identity(100, 0, 1)));
  }

  @Test
  void numbersOutOfRange_areRefused() {
    Edge edge = Edge.convolution(4, 0, 1, 0);
    assertThrows(IllegalArgumentException.class, () -> edge.withDepthFactor(0));
    assertThrows(IllegalArgumentException.class, () -> edge.withDepthFactor(Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> edge.withFilterHalfWidth(-0.1));
    assertThrows(IllegalArgumentException.class, () -> edge.withFilterHalfHeight(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> edge.withStrideScale(-1));
    assertThrows(IllegalArgumentException.class, () -> Edge.identity(4, 0, 1).withDepthFactor(2));
    assertThrows(IllegalArgumentException.class, () -> Graphs.chain(1).withLearningRate(0));
    assertThrows(IllegalArgumentException.class, () -> Graphs.chain(1).withLearningRate(Double.NaN));
    assertThrows(IllegalArgumentException.class,
        () -> new Dna(List.of(INPUT, OUTPUT), List.of(Edge.identity(2, 0, 1)), 0.1, -1, 3));
  }

  @Test
  void floatingPointParameters_roundToOddFiltersAndPowersOfTwo() {
    Edge edge = Edge.convolution(4, 0, 1, 1.49).withFilterHalfWidth(0.49).withFilterHalfHeight(2.5);
    assertEquals(2, edge.stride());
    assertEquals(4, edge.withStrideScale(1.5).stride());
    assertEquals(1, edge.filterWidth());
    assertEquals(7, edge.filterHeight());
  }

  @Test
  void backbone_followsTheHighestPrecedenceFromTheOutput() {
    Dna dna = Graphs.skipOverTwoConvolutions();
    assertEquals(List.of(4, 5), dna.backbone().stream().map(Edge::id).toList());
    assertEquals(List.of(6), dna.skips().stream().map(Edge::id).toList());
    Dna other = dna.withEdge(Edge.identity(6, 0, 1, 2, 2));
    assertEquals(List.of(6), other.backbone().stream().map(Edge::id).toList());
    assertEquals(List.of(), other.skips(), "vertex 3 is off the backbone now");
    assertEquals(List.of(6, 5), other.incoming(1).stream().map(Edge::id).toList());
  }

  @Test
  void topologicalOrder_putsEverySourceBeforeItsTargets() {
    for (int seed = 0; seed < 50; seed++) {
      Dna dna = Lineages.evolved(Graphs.SPACE, 80, seed);
      List<Integer> order = dna.topologicalOrder().stream().map(Vertex::id).toList();
      dna.edges().forEach(
          edge -> assertTrue(order.indexOf(edge.source()) < order.indexOf(edge.target()), () -> dna.toString()));
      assertEquals(List.of(0, 1), List.of(order.get(0), order.get(order.size() - 1)));
    }
  }

  @Test
  void lists_areCopies() {
    List<Edge> edges = new ArrayList<>(List.of(Edge.identity(2, 0, 1)));
    Dna dna = new Dna(List.of(INPUT, OUTPUT), edges, 0.1, 1e-4, 3);
    edges.clear();
    assertFalse(dna.edges().isEmpty());
    assertThrows(UnsupportedOperationException.class, () -> dna.edges().clear());
  }
}
