package dev.cambrian.app;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How far an experiment is, at one moment.
 *
 * @param state {@code "evolving"}, {@code "paused"}, {@code "stopped"} or {@code "finished"}
 * @param event the number of the last event of the spine
 * @param individuals trained or failed, all together
 * @param best the best fitness so far, 0 to 1, by validation accuracy
 * @param bestIndividual who has it
 * @param mean the mean fitness of the living
 * @param flops spent by all individuals together
 * @param elapsedSeconds of evolution, all sittings together
 * @param done the share of the way to the nearest end, 0 to 1, where there is one
 * @param secondsLeft to that end at the present speed
 * @param slots what is being trained now
 */
record Progress(
    String experiment,
    String state,
    long event,
    long individuals,
    int alive,
    long dead,
    int training,
    long failed,
    OptionalDouble best,
    OptionalLong bestIndividual,
    OptionalDouble mean,
    double flops,
    double elapsedSeconds,
    double individualsPerMinute,
    double imagesPerSecond,
    OptionalDouble done,
    OptionalDouble secondsLeft,
    List<Slot> slots) {

  Progress {
    slots = List.copyOf(slots);
  }

  /**
   * One individual in training.
   *
   * @param step batches done of {@code steps}
   */
  record Slot(long individual, long step, long steps) {}
}
