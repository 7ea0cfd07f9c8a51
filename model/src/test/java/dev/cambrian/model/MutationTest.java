package dev.cambrian.model;

import static dev.cambrian.model.Graphs.SPACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Vertex.Activation;
import dev.cambrian.model.mutation.MutationTable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each mutation leaves as it was, and where it does not apply. */
class MutationTest {

  private static Optional<Dna> apply(MutationKind kind, Dna dna, long seed) {
    return MutationTable.of(kind).apply(dna, Seeds.random(seed));
  }

  private static MutationSettings only(MutationKind... kinds) {
    Map<MutationKind, Double> weights = new EnumMap<>(MutationKind.class);
    for (MutationKind kind : MutationKind.values()) {
      weights.put(kind, Set.of(kinds).contains(kind) ? 1.0 : 0.0);
    }
    return new MutationSettings(1, weights);
  }

  private static Dna with(Dna dna, Edge... added) {
    List<Edge> edges = new ArrayList<>(dna.edges());
    edges.addAll(List.of(added));
    return dna.withEdges(edges);
  }

  @Property(tries = 300)
  void sameSeed_givesTheSameChild(@ForAll long seed, @ForAll @IntRange(max = 60) int mutations) {
    Dna parent = Lineages.evolved(SPACE, mutations, seed);
    String before = SPACE.toJson(parent);
    MutationSettings settings = new MutationSettings(3, Map.of());
    assertEquals(
        SPACE.mutate(parent, settings, Seeds.random(seed)), SPACE.mutate(parent, settings, Seeds.random(seed)));
    assertEquals(before, SPACE.toJson(parent), "the parent stays as it was");
  }

  @Property(tries = 300)
  void idsAreNeverGivenAgain(@ForAll long seed) {
    RandomGenerator random = Seeds.random(seed);
    Dna dna = SPACE.initial(random);
    Map<Integer, String> meaning = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      Dna child = SPACE.mutate(dna, MutationSettings.paper(), random).genotype();
      assertTrue(child.nextId() >= dna.nextId());
      child.vertices().forEach(vertex -> assertSameMeaning(meaning, vertex.id(), "vertex " + vertex.activation()));
      child.edges().forEach(edge -> assertSameMeaning(meaning, edge.id(), edge.type() + " into " + edge.target()));
      dna = child;
    }
  }

  private static void assertSameMeaning(Map<Integer, String> meaning, int id, String what) {
    assertEquals(meaning.computeIfAbsent(id, none -> what), what);
  }

  @ParameterizedTest
  @EnumSource(value = MutationKind.class, names = {"IDENTITY", "RESET_WEIGHTS"})
  void mutationsOfNoGene_keepTheGenotype(MutationKind kind) {
    Dna parent = Graphs.chain(3);
    Offspring<Dna> child = SPACE.mutate(parent, only(kind), Seeds.random(1));
    assertEquals(parent, child.genotype());
    assertEquals(kind != MutationKind.RESET_WEIGHTS, child.inheritsWeights());
  }

  @Test
  void resetWeightsAmongSeveral_inheritsNone() {
    MutationSettings settings = new MutationSettings(8, Map.of());
    for (int seed = 0; seed < 200; seed++) {
      Offspring<Dna> child = SPACE.mutate(Graphs.chain(2), settings, Seeds.random(seed));
      assertEquals(child.mutations().contains(MutationKind.RESET_WEIGHTS), !child.inheritsWeights());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MutationKind.class,
      names = {
        "REMOVE_CONVOLUTION", "ALTER_STRIDE", "ALTER_NUMBER_OF_CHANNELS", "FILTER_SIZE", "ADD_SKIP", "REMOVE_SKIP"
      })
  void mutationWithNothingToActOn_doesNotApply(MutationKind kind) {
    Dna initial = SPACE.initial(Seeds.random(1));
    assertEquals(Optional.empty(), apply(kind, initial, 1));
    Offspring<Dna> child = SPACE.mutate(initial, only(kind), Seeds.random(1));
    assertEquals(new Offspring<>(initial, List.of(), true), child);
  }

  @Test
  void insertThenRemove_isWhereItBegan() {
    for (int seed = 0; seed < 100; seed++) {
      Dna initial = SPACE.initial(Seeds.random(seed));
      Dna longer = apply(MutationKind.INSERT_CONVOLUTION, initial, seed).orElseThrow();
      Dna shorter = apply(MutationKind.REMOVE_CONVOLUTION, longer, seed).orElseThrow();
      assertEquals(initial.vertices(), shorter.vertices());
      assertEquals(initial.edges(), shorter.edges());
    }
  }

  @Test
  void insertedConvolution_precedesTheEdgeThatItIsPutInto() {
    Dna child = apply(MutationKind.INSERT_CONVOLUTION, SPACE.initial(Seeds.random(1)), 1).orElseThrow();
    Edge inserted = child.edge(4);
    assertEquals(0, inserted.source());
    assertEquals(3, inserted.target());
    assertEquals(3, child.edge(2).source(), "the old edge leaves the new vertex");
    assertEquals(List.of(inserted, child.edge(2)), child.backbone());
  }

  @Test
  void removedConvolution_leavesNoOneToOneOut() {
    Dna oneToOne = apply(MutationKind.INSERT_ONE_TO_ONE, SPACE.initial(Seeds.random(1)), 1).orElseThrow();
    assertEquals(Optional.empty(), apply(MutationKind.REMOVE_CONVOLUTION, oneToOne, 1));
  }

  @Test
  void removedVertex_handsItsOutgoingSkipsToThePredecessorAndTakesItsIncomingOnesAlong() {
    // 0 -> 3 -> 5 -> 7 -> 1 with skips 3 -> 7 (outgoing of 3) and 0 -> 5.
    Dna parent = with(Graphs.chain(3), Edge.identity(20, 3, 7, 0.5, 0.5), Edge.identity(21, 0, 5, 0.5, 0.5));
    for (int seed = 0; seed < 50; seed++) {
      Dna child = apply(MutationKind.REMOVE_CONVOLUTION, parent, seed).orElseThrow();
      if (child.vertices().stream().noneMatch(vertex -> vertex.id() == 3)) {
        assertEquals(0, child.edge(6).source(), "the backbone's edge of 3 leaves the input");
        assertEquals(0, child.edge(20).source(), "the skip of 3 leaves the input");
        assertEquals(List.of(20), child.skips().stream().map(Edge::id).toList(), "0 -> 5 would double the backbone");
      } else if (child.vertices().stream().noneMatch(vertex -> vertex.id() == 5)) {
        assertEquals(List.of(), child.skips(), "0 -> 5 went with 5, and 3 -> 7 would double the backbone");
      } else {
        assertEquals(List.of(21), child.skips().stream().map(Edge::id).toList(), "3 -> 7 went with 7");
      }
    }
  }

  @Test
  void removeConvolution_neverCutsOffAVertexBesideTheBackbone() {
    // 8 hangs beside the backbone and reaches the output through 5 alone.
    Dna chain = Graphs.chain(2);
    List<Vertex> vertices = new ArrayList<>(chain.vertices());
    vertices.add(Vertex.hidden(8, Activation.LINEAR));
    List<Edge> edges = new ArrayList<>(chain.edges());
    edges.add(Edge.identity(9, 0, 8, 0.5, 0.5));
    edges.add(Edge.identity(10, 8, 5, 0.5, 0.5));
    Dna parent = chain.withGraph(vertices, edges);
    for (int seed = 0; seed < 50; seed++) {
      Dna child = apply(MutationKind.REMOVE_CONVOLUTION, parent, seed).orElseThrow();
      assertFalse(child.vertices().stream().anyMatch(vertex -> vertex.id() == 3));
    }
  }

  @Test
  void addSkip_stopsWhereEveryPairIsJoined() {
    Dna dna = Graphs.chain(3);
    int added = 0;
    for (Optional<Dna> next = apply(MutationKind.ADD_SKIP, dna, 0); next.isPresent();
        next = apply(MutationKind.ADD_SKIP, dna, added)) {
      dna = next.get();
      Soundness.check(dna);
      added++;
    }
    assertEquals(6, added, "5 vertices have 10 pairs, and the backbone joins 4");
  }

  @Test
  void shieldedVertices_keepTheirEdges() {
    Dna chain = Graphs.chain(2);
    Vertex shielded = new Vertex(3, Activation.BN_RELU, false, false, false);
    Dna parent = chain.withGraph(
        chain.vertices().stream().map(vertex -> vertex.id() == 3 ? shielded : vertex).toList(), chain.edges());
    // 0 -> 3 -> 5 -> 1: of the three edges, only 5 -> 1 is free, and no convolution.
    for (MutationKind kind : EnumSet.of(
        MutationKind.ALTER_STRIDE,
        MutationKind.ALTER_NUMBER_OF_CHANNELS,
        MutationKind.FILTER_SIZE,
        MutationKind.REMOVE_CONVOLUTION)) {
      assertEquals(Optional.empty(), apply(kind, parent, 1), kind::toString);
    }
    for (int seed = 0; seed < 50; seed++) {
      Dna child = apply(MutationKind.INSERT_CONVOLUTION, parent, seed).orElseThrow();
      assertEquals(parent.edge(4), child.edge(4));
      assertEquals(parent.edge(6), child.edge(6));
      Dna skipped = apply(MutationKind.ADD_SKIP, parent, seed).orElseThrow();
      assertTrue(skipped.skips().stream().noneMatch(skip -> skip.source() == 3 || skip.target() == 3));
    }
  }

  @Test
  void filterSize_keepsEveryOtherVariableAndItsOwnId() {
    Dna parent = Graphs.chain(4);
    Map<String, List<Integer>> before = shapes(parent);
    for (int seed = 0; seed < 50; seed++) {
      Map<String, List<Integer>> after = shapes(apply(MutationKind.FILTER_SIZE, parent, seed).orElseThrow());
      assertEquals(before.keySet(), after.keySet());
      long changed = before.keySet().stream().filter(id -> !before.get(id).equals(after.get(id))).count();
      assertTrue(changed <= 1, () -> before + " became " + after);
    }
  }

  private static Map<String, List<Integer>> shapes(Dna dna) {
    Map<String, List<Integer>> shapes = new HashMap<>();
    SPACE.express(dna).variables().forEach(variable -> shapes.put(variable.id(), variable.shape()));
    return shapes;
  }

  @Test
  void settings_refuseWhatCannotBeDrawn() {
    assertThrows(IllegalArgumentException.class, () -> new MutationSettings(0, Map.of()));
    assertThrows(IllegalArgumentException.class, () -> new MutationSettings(1, Map.of(MutationKind.IDENTITY, -1.0)));
    assertThrows(IllegalArgumentException.class,
        () -> new MutationSettings(1, Map.of(MutationKind.IDENTITY, Double.NaN)));
    assertThrows(IllegalArgumentException.class, () -> only());
  }

  @Test
  void initial_isTheSameForEveryRandomSource() {
    assertEquals(SPACE.initial(Seeds.random(1)), SPACE.initial(Seeds.random(2)));
    assertSame(Edge.Type.IDENTITY, SPACE.initial(Seeds.random(1)).edges().get(0).type());
  }
}
