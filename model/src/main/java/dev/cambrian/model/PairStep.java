package dev.cambrian.model;

import dev.cambrian.model.PopulationView.Contender;
import java.util.OptionalLong;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;

/**
 * One step of a population whose size follows a set-point (Real17, methods): a pair is drawn, one may die, the other
 * may breed. The size, ALIVE and TRAINING together, is read again between the two.
 *
 * <p>The paper draws among ALIVE and TRAINING and gives up where it met one in training; drawing among the ALIVE is the
 * same without the trying again. With fewer than two ALIVE there is no pair: below the set-point a new initial
 * individual starts, so that workers never wait for each other; at the set-point enough are on their way, and the step
 * waits.
 */
final class PairStep {
  private PairStep() {}

  static Decision decide(PopulationView population, RandomGenerator random, BinaryOperator<Contender> winner) {
    int alive = population.alive();
    int size = alive + population.training();
    if (alive < 2) {
      return size < population.setPoint() ? new Decision.StartAnew() : new Decision.Wait();
    }
    int i = Draw.index(alive, random);
    int j = Draw.index(alive - 1, random);
    Contender first = population.contender(i);
    Contender second = population.contender(j < i ? j : j + 1);
    Contender better = winner.apply(first, second);
    Contender worse = better == first ? second : first;

    OptionalLong killed = OptionalLong.empty();
    if (size >= population.setPoint()) {
      killed = OptionalLong.of(worse.id());
      size--;
    }
    OptionalLong parent = size < population.setPoint() ? OptionalLong.of(better.id()) : OptionalLong.empty();
    return new Decision.Tournament(first.id(), second.id(), killed, parent);
  }
}
