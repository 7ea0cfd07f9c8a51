package dev.cambrian.model;

import static dev.cambrian.model.Graphs.IMAGE;
import static dev.cambrian.model.Graphs.SPACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Network.Node;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExpressionTest {

  private static List<String> drawn(Network network) {
    List<String> drawn = new ArrayList<>();
    for (Node node : network.nodes()) {
      drawn.add(node.name() + " " + node.operation().getClass().getSimpleName() + " " + node.inputs() + " "
          + node.shape());
    }
    return drawn;
  }

  private static Variable variable(Network network, String id) {
    return network.variables().stream().filter(variable -> variable.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void initialIndividual_isAGlobalAveragePoolAndALinearLayer() {
    Dna initial = SPACE.initial(Seeds.random(1));
    Network network = SPACE.express(initial);
    assertEquals(
        List.of("input Input [] 3x32x32", "head GlobalAveragePool [0] 3x1x1", "head Linear [1] 10x1x1"),
        drawn(network));
    assertEquals(40, network.parameters());
    assertEquals(0.1, SPACE.learningRate(initial));
    assertEquals(1e-4, SPACE.weightDecay(initial));
  }

  @Test
  void firstConvolution_emitsAsManyChannelsAsTheImageHas() {
    Network network = SPACE.express(Graphs.chain(1));
    assertEquals(List.of(3, 3, 3, 3), variable(network, "e4/filter").shape());
    assertEquals(
        List.of(
            "input Input [] 3x32x32",
            "e4 Convolution [0] 3x32x32",
            "v3 BatchNorm [1] 3x32x32",
            "v3 Relu [2] 3x32x32",
            "head GlobalAveragePool [3] 3x1x1",
            "head Linear [4] 10x1x1"),
        drawn(network));
  }

  @Test
  void variables_haveTheIdsOfTheirGenesAndStartAsDocumented() {
    Network network = SPACE.express(Graphs.skipOverTwoConvolutions());
    assertEquals(
        List.of("e4/filter", "v3/scale", "v3/shift", "v3/mean", "v3/variance", "e5/filter", "head/weight", "head/bias"),
        network.variables().stream().map(Variable::id).toList());
    // One edge enters vertex 3; two enter the output, so the second filter starts smaller by the root of 2.
    assertEquals(new Variable.Normal(Math.sqrt(2.0 / 27)), variable(network, "e4/filter").initializer());
    assertEquals(new Variable.Normal(Math.sqrt(2.0 / 18 / 2)), variable(network, "e5/filter").initializer());
    assertEquals(new Variable.Normal(Math.sqrt(1 / 5.0)), variable(network, "head/weight").initializer());
    assertEquals(new Variable.Constant(1), variable(network, "v3/scale").initializer());
    assertEquals(new Variable.Constant(1), variable(network, "v3/variance").initializer());
    assertEquals(
        List.of("e4/filter", "e5/filter"),
        network.variables().stream().filter(Variable::decayed).map(Variable::id).toList());
    assertEquals(
        List.of("v3/mean", "v3/variance"),
        network.variables().stream().filter(variable -> !variable.trained()).map(Variable::id).toList());
    assertEquals(3 * 9 * 6 + 12 + 6 * 3 * 5 + 60, network.parameters());
    Operation.BatchNorm batchNorm = network.nodes().stream().map(Node::operation)
        .filter(Operation.BatchNorm.class::isInstance).map(Operation.BatchNorm.class::cast).findFirst().orElseThrow();
    assertEquals(List.of(0.9, 1e-3), List.of(batchNorm.decay(), batchNorm.epsilon()));
  }

  @Test
  void skipThatDisagrees_isResizedAndPaddedToThePrimary() {
    assertEquals(
        List.of(
            "input Input [] 3x32x32",
            "e4 Convolution [0] 6x16x16",
            "v3 BatchNorm [1] 6x16x16",
            "v3 Relu [2] 6x16x16",
            "e5 Convolution [3] 5x16x16",
            "e6 Resize [0] 3x16x16",
            "e6 FitChannels [5] 5x16x16",
            "v1 Add [4, 6] 5x16x16",
            "head GlobalAveragePool [7] 5x1x1",
            "head Linear [8] 10x1x1"),
        drawn(SPACE.express(Graphs.skipOverTwoConvolutions())));
  }

  @Test
  void depthAndScale_areDecidedEachByItsOwnPrecedence() {
    Dna dna = Graphs.skipOverTwoConvolutions();
    // The skip now outranks the convolution in scale, but not in depth.
    Dna disagreeing = dna.withEdge(Edge.identity(6, 0, 1, 0.3, 1.5));
    List<String> nodes = drawn(SPACE.express(disagreeing));
    assertEquals(
        List.of("e5 Resize [4] 5x32x32", "e6 FitChannels [0] 5x32x32", "v1 Add [5, 6] 5x32x32"), nodes.subList(5, 8));
  }

  @Test
  void widerSkip_isCut() {
    Dna dna = Graphs.chain(2);
    Dna narrowing = dna.withEdge(dna.edge(4).withDepthFactor(4)).withEdge(dna.edge(6).withDepthFactor(0.5));
    List<Edge> edges = new ArrayList<>(narrowing.edges());
    edges.add(Edge.identity(9, 3, 1, 0.5, 0.5));
    List<String> nodes = drawn(SPACE.express(narrowing.withEdges(edges)));
    assertTrue(nodes.contains("e9 FitChannels [3] 6x32x32"), nodes::toString);
  }

  @Test
  void changedDepthFactor_rescalesEverythingDownstream() {
    Dna dna = Graphs.chain(3);
    Network wider = SPACE.express(dna.withEdge(dna.edge(4).withDepthFactor(10 / 3.0)));
    assertEquals(List.of(10, 3, 3, 3), variable(wider, "e4/filter").shape());
    assertEquals(List.of(10, 10, 3, 3), variable(wider, "e6/filter").shape());
    assertEquals(List.of(10, 10, 3, 3), variable(wider, "e8/filter").shape());
    assertEquals(List.of(10, 10), variable(wider, "head/weight").shape());
  }

  @Test
  void smallestFactor_leavesOneChannel() {
    Dna dna = Graphs.chain(1);
    assertEquals(1,
        variable(SPACE.express(dna.withEdge(dna.edge(4).withDepthFactor(1e-9))), "e4/filter").shape().get(0));
  }

  @Test
  void strideBeyondTheImage_leavesOnePixel() {
    Dna dna = Graphs.chain(1);
    Network network = SPACE.express(dna.withEdge(dna.edge(4).withStrideScale(1000)));
    assertEquals(new Shape(3, 1, 1), network.nodes().get(1).shape());
  }

  @Property(tries = 200)
  void sidesOfAnySize_divideUp(@ForAll @IntRange(min = 1, max = 300) int height,
      @ForAll @IntRange(min = 1, max = 300) int width, @ForAll @IntRange(max = 5) int scale,
      @ForAll @IntRange(max = 20) int half) {
    Dna dna = Graphs.chain(1);
    Shape image = new Shape(1, height, width);
    Network network = new GraphSpace(image, 2).express(
        dna.withEdge(dna.edge(4).withStrideScale(scale).withFilterHalfHeight(half)));
    Soundness.check(network, image, 2);
    int stride = 1 << scale;
    assertEquals(
        new Shape(1, (height + stride - 1) / stride, (width + stride - 1) / stride), network.nodes().get(1).shape());
  }

  @Test
  void absurdSizes_areTooLargeInOneSentence() {
    Dna dna = Graphs.chain(1);
    Edge edge = dna.edge(4);
    List<Edge> absurd = List.of(
        edge.withDepthFactor(1e9),
        edge.withDepthFactor(1e300),
        edge.withDepthFactor(1e6),
        edge.withFilterHalfWidth(1e9),
        edge.withFilterHalfHeight(1e300),
        edge.withFilterHalfWidth(40_000).withFilterHalfHeight(40_000));
    for (Edge one : absurd) {
      NetworkTooLarge tooLarge = assertThrows(NetworkTooLarge.class, () -> SPACE.express(dna.withEdge(one)));
      assertTrue(tooLarge.getMessage().contains("e4"), tooLarge.getMessage());
      assertFalse(tooLarge.getMessage().contains("\n"));
    }
  }

  @Test
  void headThatCannotBeCounted_isTooLarge() {
    Dna dna = Graphs.chain(1);
    Dna wide = dna.withEdge(
        dna.edge(4).withDepthFactor(300_000).withFilterHalfWidth(0).withFilterHalfHeight(0).withStrideScale(5));
    assertThrows(NetworkTooLarge.class, () -> new GraphSpace(IMAGE, 10_000).express(wide));
    assertEquals(900_000, SPACE.express(wide).nodes().get(1).shape().channels());
  }

  @Test
  void space_needsTwoClasses() {
    assertThrows(IllegalArgumentException.class, () -> new GraphSpace(IMAGE, 1));
  }
}
