package dev.cambrian.model;

import static dev.cambrian.model.Statistics.assertDistribution;
import static dev.cambrian.model.Statistics.histogram;
import static dev.cambrian.model.Statistics.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SelectionTest {

  private static final Strategy TOURNAMENT = new TournamentSelection();
  private static final Strategy RANDOM = new RandomSelection();
  private static final int STEPS = 20_000;

  /** ALIVE individuals with ids 101, 102, ... and these fitnesses. */
  private record Population(List<Double> fitness, int training, int setPoint) implements PopulationView {
    @Override
    public int alive() {
      return fitness.size();
    }

    @Override
    public Contender contender(int index) {
      return new Contender(101 + index, fitness.get(index));
    }
  }

  private static Population ascending(int alive, int training, int setPoint) {
    List<Double> fitness = new ArrayList<>();
    for (int i = 0; i < alive; i++) {
      fitness.add(i / 100.0);
    }
    return new Population(fitness, training, setPoint);
  }

  private static Decision.Tournament held(Strategy strategy, PopulationView population, RandomGenerator random) {
    return assertInstanceOf(Decision.Tournament.class, strategy.decide(population, random));
  }

  @Test
  void atTheSetPoint_theWorseDiesAndTheBetterBreeds() {
    RandomGenerator random = Seeds.random(1);
    for (int i = 0; i < 1000; i++) {
      Decision.Tournament held = held(TOURNAMENT, ascending(7, 3, 10), random);
      assertNotEquals(held.first(), held.second());
      assertEquals(OptionalLong.of(Math.min(held.first(), held.second())), held.killed());
      assertEquals(OptionalLong.of(Math.max(held.first(), held.second())), held.parent());
    }
  }

  @Test
  void belowTheSetPoint_nobodyDies() {
    Decision.Tournament held = held(TOURNAMENT, ascending(6, 3, 10), Seeds.random(1));
    assertEquals(OptionalLong.empty(), held.killed());
    assertEquals(OptionalLong.of(Math.max(held.first(), held.second())), held.parent());
  }

  @Test
  void aboveTheSetPoint_nobodyBreeds() {
    Decision.Tournament held = held(TOURNAMENT, ascending(8, 3, 10), Seeds.random(1));
    assertEquals(OptionalLong.of(Math.min(held.first(), held.second())), held.killed());
    assertEquals(OptionalLong.empty(), held.parent());
  }

  @Test
  void fewerThanTwoAlive_startsAnewUntilTheSetPointIsOnItsWay() {
    for (Strategy strategy : List.of(TOURNAMENT, RANDOM)) {
      RandomGenerator random = Seeds.random(1);
      assertEquals(new Decision.StartAnew(), strategy.decide(ascending(0, 0, 2), random));
      assertEquals(new Decision.StartAnew(), strategy.decide(ascending(1, 8, 10), random));
      assertEquals(new Decision.Wait(), strategy.decide(ascending(1, 9, 10), random));
      assertEquals(new Decision.Wait(), strategy.decide(ascending(0, 10, 10), random));
    }
  }

  @Test
  void tournament_parentsFollowTheirRank() {
    // Of n, the one of rank r wins against r lower ones: 2 r / (n (n - 1)); and dies with the mirrored chance.
    int n = 10;
    Map<Long, Double> wins = new TreeMap<>();
    Map<Long, Double> deaths = new TreeMap<>();
    for (int rank = 1; rank < n; rank++) {
      wins.put(101L + rank, 2.0 * rank / (n * (n - 1)));
      deaths.put(101L + n - 1 - rank, 2.0 * rank / (n * (n - 1)));
    }
    RandomGenerator random = Seeds.random(2);
    assertDistribution(
        wins, histogram(STEPS, () -> held(TOURNAMENT, ascending(n, 0, n), random).parent().orElseThrow()));
    assertDistribution(
        deaths, histogram(STEPS, () -> held(TOURNAMENT, ascending(n, 0, n), random).killed().orElseThrow()));
  }

  @Test
  void tournament_matchesItsStoredHistogram() {
    RandomGenerator random = Seeds.random(3);
    assertEquals(
        Map.of(102L, 115, 103L, 204, 104L, 282, 105L, 399),
        histogram(1000, () -> held(TOURNAMENT, ascending(5, 0, 5), random).parent().orElseThrow()));
  }

  @Test
  void tie_isDecidedByACoin() {
    Population equals = new Population(List.of(0.5, 0.5, 0.5), 0, 3);
    RandomGenerator random = Seeds.random(4);
    assertDistribution(
        uniform(List.of(101L, 102L, 103L)),
        histogram(STEPS, () -> held(TOURNAMENT, equals, random).parent().orElseThrow()));
  }

  @Test
  void random_killsAndBreedsWithoutLookingAtFitness() {
    List<String> pairs = new ArrayList<>();
    for (int parent = 101; parent <= 104; parent++) {
      for (int killed = 101; killed <= 104; killed++) {
        if (killed != parent) {
          pairs.add(parent + " after " + killed);
        }
      }
    }
    RandomGenerator random = Seeds.random(5);
    assertDistribution(uniform(pairs), histogram(STEPS, () -> {
      Decision.Tournament held = held(RANDOM, ascending(4, 2, 6), random);
      return held.parent().orElseThrow() + " after " + held.killed().orElseThrow();
    }));
  }

  @Property(tries = 500)
  void sizeNeverPassesTheSetPoint_andOneStepBringsItCloser(
      @ForAll @IntRange(max = 20) int alive,
      @ForAll @IntRange(max = 20) int training,
      @ForAll @IntRange(min = 2, max = 30) int setPoint,
      @ForAll long seed) {
    Population population = ascending(alive, training, setPoint);
    int size = alive + training;
    for (Strategy strategy : List.of(TOURNAMENT, RANDOM)) {
      Decision decision = strategy.decide(population, Seeds.random(seed));
      assertEquals(decision, strategy.decide(population, Seeds.random(seed)), "same seed, same decision");
      if (decision instanceof Decision.Tournament held) {
        assertTrue(alive >= 2);
        assertEquals(size >= setPoint, held.killed().isPresent());
        int left = size - (held.killed().isPresent() ? 1 : 0);
        assertEquals(left < setPoint, held.parent().isPresent());
        assertNotEquals(held.killed(), held.parent());
      } else {
        assertTrue(alive < 2);
        assertEquals(size < setPoint, decision instanceof Decision.StartAnew);
      }
    }
  }
}
