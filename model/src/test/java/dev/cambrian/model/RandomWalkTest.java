package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A long row of random mutations: whatever they do, a sound genotype and a network that fits come out. */
class RandomWalkTest {

  private static final Shape IMAGE = new Shape(3, 32, 32);

  @Test
  void twoHundredThousandMutations_keepEveryGenotypeSound() {
    // A lineage of up to 20 vertices lasts about 140 mutations.
    assertEquals(1430, lineagesOf(200_000, 20, 1), 140);
  }

  @Test
  @Tag("long")
  void aMillionMutations_keepEveryGenotypeSound() {
    // A lineage of up to 60 vertices lasts about 520 mutations.
    assertEquals(1930, lineagesOf(1_000_000, 60, 2), 200);
  }

  /** Mutates on and on, beginning anew where a lineage has too many vertices; returns the number of lineages. */
  private static int lineagesOf(int mutations, int longest, long seed) {
    GraphSpace space = new GraphSpace(IMAGE, 10);
    RandomGenerator random = Seeds.random(seed);
    Map<MutationKind, Integer> seen = new EnumMap<>(MutationKind.class);
    int lineages = 1;
    Dna dna = space.initial(random);
    for (int i = 0; i < mutations; i++) {
      Offspring<Dna> child = space.mutate(dna, MutationSettings.paper(), random);
      dna = child.genotype();
      child.mutations().forEach(kind -> seen.merge(kind, 1, Integer::sum));
      Soundness.check(dna);
      Soundness.check(space.express(dna), IMAGE, 10);
      assertEquals(dna, space.fromJson(space.toJson(dna)));
      if (dna.vertices().size() > longest) {
        dna = space.initial(random);
        lineages++;
      }
    }
    for (MutationKind kind : MutationKind.values()) {
      assertTrue(seen.getOrDefault(kind, 0) > mutations / 20, () -> kind + " was applied too seldom: " + seen);
    }
    return lineages;
  }
}
