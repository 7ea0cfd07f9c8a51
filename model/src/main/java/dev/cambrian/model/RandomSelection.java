package dev.cambrian.model;

import java.util.random.RandomGenerator;

/**
 * Real17's control without selection, "random search": the same step as {@link TournamentSelection}, but who of the
 * pair dies and who breeds does not depend on fitness. A random one dies, a random other one is the parent.
 */
public final class RandomSelection implements Strategy {

  @Override
  public Decision decide(PopulationView population, RandomGenerator random) {
    // The pair is drawn in random order, so its first is either of the two with equal chance.
    return PairStep.decide(population, random, (first, second) -> first);
  }
}
