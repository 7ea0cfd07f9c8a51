package dev.cambrian.model;

import static dev.cambrian.model.Graphs.SPACE;
import static dev.cambrian.model.Statistics.assertDistribution;
import static dev.cambrian.model.Statistics.assertUniform;
import static dev.cambrian.model.Statistics.histogram;
import static dev.cambrian.model.Statistics.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Vertex.Activation;
import dev.cambrian.model.mutation.MutationTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The frequencies of mutations and the ranges of their values, as Real17 has them. */
class MutationDistributionTest {

  private static final int DRAWS = 20_000;
  private final RandomGenerator random = Seeds.random(42);

  /** Five convolutions and a skip: every mutation applies. */
  private static final Dna RICH = withSkip(Graphs.chain(5), 0, 7);

  private static Dna withSkip(Dna dna, int source, int target) {
    List<Edge> edges = new ArrayList<>(dna.edges());
    edges.add(Edge.identity(dna.nextId(), source, target, 0.5, 0.5));
    return dna.withEdges(edges);
  }

  private Dna apply(MutationKind kind, Dna dna) {
    return MutationTable.of(kind).apply(dna, random).orElseThrow();
  }

  private MutationKind drawn(Dna dna, MutationSettings settings) {
    return SPACE.mutate(dna, settings, random).mutations().get(0);
  }

  @Test
  void kinds_areDrawnUniformly() {
    assertDistribution(
        uniform(List.of(MutationKind.values())),
        histogram(DRAWS, () -> drawn(RICH, MutationSettings.paper())));
  }

  @Test
  void kinds_followTheirWeights() {
    Map<MutationKind, Double> weights = new EnumMap<>(MutationKind.class);
    for (MutationKind kind : MutationKind.values()) {
      weights.put(kind, 0.0);
    }
    weights.put(MutationKind.IDENTITY, 0.5);
    weights.put(MutationKind.ALTER_STRIDE, 3.0);
    weights.put(MutationKind.REMOVE_SKIP, 1.5);
    assertDistribution(
        Map.of(MutationKind.IDENTITY, 0.1, MutationKind.ALTER_STRIDE, 0.6, MutationKind.REMOVE_SKIP, 0.3),
        histogram(DRAWS, () -> drawn(RICH, new MutationSettings(1, weights))));
  }

  @Test
  void kindsThatDoNotApply_areDrawnAgain() {
    // Nothing to remove, to alter or to skip in the initial individual.
    Dna initial = SPACE.initial(random);
    assertDistribution(
        uniform(List.of(
            MutationKind.ALTER_LEARNING_RATE,
            MutationKind.IDENTITY,
            MutationKind.RESET_WEIGHTS,
            MutationKind.INSERT_CONVOLUTION,
            MutationKind.INSERT_ONE_TO_ONE)),
        histogram(DRAWS, () -> drawn(initial, MutationSettings.paper())));
  }

  @Test
  void learningRate_isLogUniformFromHalfToTwice() {
    assertUniform(-1, 1, draws(() ->
        Math.log(apply(MutationKind.ALTER_LEARNING_RATE, RICH).learningRate() / RICH.learningRate()) / Math.log(2)));
  }

  private double[] draws(DoubleSupplier draw) {
    return IntStream.range(0, DRAWS).mapToDouble(i -> draw.getAsDouble()).toArray();
  }

  @Test
  void tenChannels_becomeFiveToTwenty() {
    Dna ten = Graphs.chain(1).withEdge(Edge.convolution(4, 0, 3, 0).withDepthFactor(10 / 3.0));
    // The value is uniform in [5, 20] and rounds: the ends get half of what the others do.
    Map<Integer, Double> expected = new HashMap<>();
    for (int channels = 5; channels <= 20; channels++) {
      expected.put(channels, channels == 5 || channels == 20 ? 0.5 / 15 : 1.0 / 15);
    }
    assertDistribution(
        expected,
        histogram(DRAWS, () -> filterShape(apply(MutationKind.ALTER_NUMBER_OF_CHANNELS, ten), 4).get(0)));
    assertUniform(5, 20, draws(() ->
        3 * apply(MutationKind.ALTER_NUMBER_OF_CHANNELS, ten).edges().get(0).depthFactor()));
  }

  private static List<Integer> filterShape(Dna dna, int edge) {
    return SPACE.express(dna).variables().stream()
        .filter(variable -> variable.id().equals("e" + edge + "/filter"))
        .findFirst().orElseThrow().shape();
  }

  @Test
  void filterOfSizeSeven_isDrawnFromHalfToTwiceAndRoundsToOdd() {
    Dna seven = Graphs.chain(1).withEdge(
        Edge.convolution(4, 0, 3, 0).withFilterHalfWidth(3).withFilterHalfHeight(3));
    // Uniform in [3.5, 14]; an odd size k takes the draws from k - 1 to k + 1.
    Map<Integer, Double> odd = new HashMap<>(Map.of(3, 0.5, 5, 2.0, 7, 2.0, 9, 2.0, 11, 2.0, 13, 2.0));
    Map<String, Double> expected = new HashMap<>();
    odd.forEach((size, width) -> {
      expected.merge(size + "x7", width / 10.5 / 2, Double::sum);
      expected.merge("7x" + size, width / 10.5 / 2, Double::sum);
    });
    assertDistribution(expected, histogram(DRAWS, () -> {
      List<Integer> shape = filterShape(apply(MutationKind.FILTER_SIZE, seven), 4);
      return shape.get(2) + "x" + shape.get(3);
    }));
  }

  @Test
  void stride_isDrawnAroundItsLogarithm() {
    assertDistribution(Map.of(1, 0.75, 2, 0.25), strides(0));
    assertDistribution(Map.of(1, 0.25, 2, 0.5, 4, 0.25), strides(1));
    assertDistribution(Map.of(4, 0.25, 8, 0.5, 16, 0.25), strides(3));
  }

  private Map<Integer, Integer> strides(double scale) {
    Dna dna = Graphs.chain(1).withEdge(Edge.convolution(4, 0, 3, scale));
    return histogram(DRAWS, () -> apply(MutationKind.ALTER_STRIDE, dna).edges().get(0).stride());
  }

  @Test
  void oneByOneFiltersAndStrideOne_areLeftAsSmallDrawsAccumulate() {
    Dna start = Graphs.chain(1).withEdge(
        Edge.convolution(4, 0, 3, 0).withFilterHalfWidth(0).withFilterHalfHeight(0).withDepthFactor(1 / 3.0));
    for (int lineage = 0; lineage < 200; lineage++) {
      Dna dna = start;
      for (int i = 0; i < 100; i++) {
        dna = apply(MutationKind.FILTER_SIZE, dna);
        dna = apply(MutationKind.ALTER_STRIDE, dna);
        dna = apply(MutationKind.ALTER_NUMBER_OF_CHANNELS, dna);
        Edge edge = dna.edges().get(0);
        if (edge.filterWidth() > 1 && edge.filterHeight() > 1 && edge.stride() > 1 && edge.depthFactor() > 1) {
          dna = null;
          break;
        }
      }
      assertEquals(null, dna, "a hundred draws left 1x1, stride 1 or 1 channel nowhere");
    }
  }

  @Test
  void insertedConvolution_hasAnyPlaceStrideAndActivationAlike() {
    List<String> all = new ArrayList<>();
    for (Edge place : RICH.backbone()) {
      for (int stride : new int[] {1, 2}) {
        for (Activation activation : Activation.values()) {
          all.add(place.source() + " stride " + stride + " " + activation);
        }
      }
    }
    assertDistribution(uniform(all), histogram(DRAWS, () -> {
      Dna child = apply(MutationKind.INSERT_CONVOLUTION, RICH);
      Edge edge = child.edges().get(child.edges().size() - 1);
      assertEquals(List.of(3L, 3L, 1.0), List.of(edge.filterWidth(), edge.filterHeight(), edge.depthFactor()));
      return edge.source() + " stride " + edge.stride() + " " + child.vertex(edge.target()).activation();
    }));
  }

  @Test
  void insertedOneToOne_hasAnyPlaceAndActivationAlike() {
    List<String> all = new ArrayList<>();
    for (Edge place : RICH.backbone()) {
      for (Activation activation : Activation.values()) {
        all.add(place.source() + " " + activation);
      }
    }
    assertDistribution(uniform(all), histogram(DRAWS, () -> {
      Dna child = apply(MutationKind.INSERT_ONE_TO_ONE, RICH);
      Edge edge = child.edges().get(child.edges().size() - 1);
      assertEquals(Edge.Type.IDENTITY, edge.type());
      return edge.source() + " " + child.vertex(edge.target()).activation();
    }));
  }

  @Test
  void everyConvolutionIsAlteredAndRemovedAlike() {
    List<Integer> convolutions = List.of(4, 6, 8, 10, 12);
    // From stride 2, no draw of a stride comes out as it was.
    Dna parent = RICH.withEdges(
        RICH.edges().stream().map(edge -> convolutions.contains(edge.id()) ? edge.withStrideScale(1) : edge).toList());
    for (MutationKind kind : List.of(
        MutationKind.ALTER_STRIDE,
        MutationKind.ALTER_NUMBER_OF_CHANNELS,
        MutationKind.FILTER_SIZE,
        MutationKind.REMOVE_CONVOLUTION)) {
      assertDistribution(uniform(convolutions), histogram(DRAWS, () -> {
        Dna child = apply(kind, parent);
        return parent.mutableConvolutions().stream()
            .filter(edge -> child.edges().stream().noneMatch(same -> sameConvolution(edge, same)))
            .findFirst().orElseThrow().id();
      }));
    }
  }

  private static boolean sameConvolution(Edge one, Edge other) {
    return one.equals(other.withSource(one.source()));
  }

  @Test
  void addedSkip_joinsAnyTwoVerticesThatNoEdgeJoinsAlike() {
    List<Integer> backbone = List.of(0, 3, 5, 7, 9, 11, 1);
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < backbone.size(); i++) {
      for (int j = i + 2; j < backbone.size(); j++) {
        pairs.add(backbone.get(i) + "-" + backbone.get(j));
      }
    }
    assertTrue(pairs.remove("0-7"));
    assertDistribution(uniform(pairs), histogram(DRAWS, () -> {
      Dna child = apply(MutationKind.ADD_SKIP, RICH);
      Edge skip = child.edges().get(child.edges().size() - 1);
      return skip.source() + "-" + skip.target();
    }));
    assertUniform(0, 1, draws(() -> {
      Dna child = apply(MutationKind.ADD_SKIP, RICH);
      return child.edges().get(child.edges().size() - 1).scalePrecedence();
    }));
  }

  @Test
  void everySkipIsRemovedAlike() {
    Dna three = withSkip(withSkip(RICH, 3, 9), 5, 1);
    List<Integer> skips = three.skips().stream().map(Edge::id).toList();
    assertEquals(3, skips.size());
    assertDistribution(uniform(skips), histogram(DRAWS, () -> {
      Dna child = apply(MutationKind.REMOVE_SKIP, three);
      return skips.stream().filter(id -> child.edges().stream().noneMatch(edge -> edge.id() == id)).findFirst().get();
    }));
  }

  @Test
  void severalMutationsPerReproduction_areAppliedInTurn() {
    Map<Integer, Integer> kinds = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      List<MutationKind> applied = SPACE.mutate(RICH, new MutationSettings(5, Map.of()), random).mutations();
      assertEquals(5, applied.size());
      kinds.merge((int) applied.stream().distinct().count(), 1, Integer::sum);
    }
    // Five of eleven are all different in 55,440 / 161,051 = 34 % of the cases, as long as nothing runs out.
    assertEquals(344, kinds.get(5), 60, kinds::toString);
  }
}
