package dev.cambrian.model;

import java.util.random.RandomGenerator;

/**
 * Who dies and who breeds: a pure function from a view of the population and a random source to a {@link Decision}. No
 * I/O, no clock, no actor.
 */
public interface Strategy {

  /** One step's decision; the same population and random source give the same one. */
  Decision decide(PopulationView population, RandomGenerator random);

  /**
   * The strategy of a name: {@code "tournament"} or {@code "random"}.
   *
   * @throws IllegalArgumentException where there is none of that name
   */
  static Strategy named(String name) {
    switch (name) {
      case "tournament":
        return new TournamentSelection();
      case "random":
        return new RandomSelection();
      default:
        throw new IllegalArgumentException("there is no selection '" + name + "'; there are tournament and random");
    }
  }
}
