package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeedsTest {

  /** SplitMix64's own first outputs for seed 1234567, as its author's reference code gives them. */
  @Test
  void random_isSplitMix64OnEveryJdk() {
    RandomGenerator random = Seeds.random(1234567);
    assertEquals(
        List.of(6457827717110365317L, 3203168211198807973L, -8629252141511181193L, 4593380528125082431L),
        LongStream.generate(random::nextLong).limit(4).boxed().toList());
  }

  @Test
  void nextDouble_isTheUpper53BitsOfNextLong() {
    RandomGenerator bits = Seeds.random(9);
    RandomGenerator doubles = Seeds.random(9);
    for (int i = 0; i < 1000; i++) {
      assertEquals((bits.nextLong() >>> 11) * 0x1p-53, doubles.nextDouble());
    }
  }

  @Test
  void derivedSeeds_stayWhatTheyAre() {
    assertEquals(-7466074306795582616L, Seeds.derive(1, 2, "mutation"));
  }

  @Test
  void derivedSeeds_differByExperimentNumberAndPurpose() {
    Set<Long> seeds = new HashSet<>();
    for (int experiment = 0; experiment < 20; experiment++) {
      for (int number = 0; number < 200; number++) {
        for (String purpose : List.of("mutation", "training", "")) {
          seeds.add(Seeds.derive(experiment, number, purpose));
        }
      }
    }
    assertEquals(20 * 200 * 3, seeds.size());
  }
}
