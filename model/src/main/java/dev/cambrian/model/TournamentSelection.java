package dev.cambrian.model;

import java.util.random.RandomGenerator;

/**
 * Real17's step: of two distinct individuals, drawn uniformly, the worse dies where the population is at or over its
 * set-point, and the better has a child where it is then under it. Equal fitness counts for the one that was drawn
 * first, which is either of them with equal chance.
 */
public final class TournamentSelection implements Strategy {

  @Override
  public Decision decide(PopulationView population, RandomGenerator random) {
    return PairStep.decide(
        population, random, (first, second) -> second.fitness() > first.fitness() ? second : first);
  }
}
