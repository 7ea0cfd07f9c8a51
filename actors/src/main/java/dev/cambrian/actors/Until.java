package dev.cambrian.actors;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * When an evolution ends: as soon as one of the given conditions holds, no new child is assigned, and it is finished
 * when the last one in training has ended. Not part of the experiment: the same history can go on under another one.
 *
 * @param individuals that were conceived, the failed ones included; so many there will be in the end
 * @param minutes of running time, summed over all runs of the experiment: the time from a run's first event to its
 *     last one, and for the present run to now. The time between two runs does not count, nor does what a crash cut
 *     off after the last event
 * @param fitness of the best individual
 * @param flops spent on training and validation
 */
public record Until(OptionalLong individuals, OptionalDouble minutes, OptionalDouble fitness, OptionalDouble flops) {

  /** Never: evolution goes on until it is stopped. */
  public static Until stopped() {
    return new Until(OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** Until so many individuals were conceived. */
  public static Until individuals(long count) {
    return new Until(OptionalLong.of(count), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** Whether no further child is to be conceived. */
  public boolean reached(PopulationState population, double elapsedSeconds) {
    return individuals.isPresent() && population.conceived() >= individuals.getAsLong()
        || minutes.isPresent() && elapsedSeconds >= 60 * minutes.getAsDouble()
        || fitness.isPresent() && population.best().isPresent()
            && population.best().get().fitness() >= fitness.getAsDouble()
        || flops.isPresent() && population.flops() >= flops.getAsDouble();
  }
}
