package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitsSpaceTest {
  private static final int LENGTH = 100;
  private final BitsSpace space = new BitsSpace(LENGTH, 10);

  @Test
  void initial_isHalfOnesOnAverage() {
    SplittableRandom random = new SplittableRandom(1);
    long ones = 0;
    for (int i = 0; i < 1000; i++) {
      ones += space.initial(random).chars().filter(bit -> bit == '1').count();
    }
    // 100,000 fair coins: the standard deviation is 158.
    assertEquals(50_000, ones, 5 * 158);
  }

  @Test
  void mutation_flipsOneBit_everyOneAlike() {
    SplittableRandom random = new SplittableRandom(2);
    String parent = space.initial(random);
    int[] flips = new int[LENGTH];
    for (int i = 0; i < 100_000; i++) {
      String child = space.mutate(parent, MutationSettings.paper(), random).genotype();
      int flipped = -1;
      for (int bit = 0; bit < LENGTH; bit++) {
        if (child.charAt(bit) != parent.charAt(bit)) {
          assertEquals(-1, flipped);
          flipped = bit;
        }
      }
      flips[flipped]++;
    }
    for (int count : flips) {
      // Binomial with n = 100,000 and p = 0.01: the standard deviation is 31.5.
      assertEquals(1000, count, 5 * 31.5);
    }
  }

  @Test
  void mutationsPerReproduction_flipAsOften() {
    String zeros = "0".repeat(LENGTH);
    SplittableRandom random = new SplittableRandom(3);
    long ones = space.mutate(zeros, new MutationSettings(5, Map.of()), random).genotype()
        .chars().filter(bit -> bit == '1').count();
    assertTrue(ones == 5 || ones == 3 || ones == 1, ones + " ones");
  }

  @Test
  void network_hasAReluForEveryOne() {
    String genotype = space.initial(new SplittableRandom(4));
    long relus = space.express(genotype).nodes().stream()
        .filter(node -> node.operation() instanceof Operation.Relu).count();
    assertEquals(genotype.chars().filter(bit -> bit == '1').count(), relus);
    assertEquals(10, space.express(genotype).classes());
  }

  @Test
  void json_comesBackEqual() {
    String genotype = space.initial(new SplittableRandom(5));
    assertEquals(genotype, space.fromJson(space.toJson(genotype)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"version\":1,\"bits\":\"01\"}", "{\"version\":2,\"bits\":\"01\"}"})
  void json_ofSomethingElse_isRefused(String json) {
    assertThrows(IllegalArgumentException.class, () -> space.fromJson(json));
  }
}
