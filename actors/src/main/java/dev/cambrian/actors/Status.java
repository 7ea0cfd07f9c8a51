package dev.cambrian.actors;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An experiment as it is now.
 *
 * @param event the number of the spine's last event
 * @param individuals that were ever conceived: {@code alive + dead + training + failed}
 * @param failed individuals that could not be built or trained; they are not among the dead
 * @param best by fitness among all that ever lived; empty before the first
 * @param meanFitness of the living; NaN where nobody lives
 * @param flops spent on training and validation
 * @param elapsedSeconds of running time, as {@link Until} counts it
 * @param perMinute individuals that ended their training, per minute of the present run
 * @param imagesPerSecond training images of all workers, over the last seconds
 * @param trainingShare of the workers' wall time in the present run that they trained, 0 to 1
 * @param trainings in progress, by worker
 */
public record Status(
    String experiment,
    State state,
    long event,
    long individuals,
    int alive,
    long dead,
    int training,
    long failed,
    Optional<Best> best,
    double meanFitness,
    double flops,
    double elapsedSeconds,
    double perMinute,
    double imagesPerSecond,
    double trainingShare,
    List<Training> trainings)
    implements CborMessage {

  public Status {
    trainings = List.copyOf(trainings);
  }

  /** A population's, as those who keep its leases and its speed know it. */
  static Status of(PopulationState population, State state, double elapsedSeconds, Throughput throughput,
      List<Training> trainings, Instant now) {
    return new Status(population.experiment(), state, population.head().sequence(), population.conceived(),
        population.alive(), population.dead(), population.training(), population.failed(),
        population.best().map(best -> new Best(best.id(), best.fitness(), best.weights(), best.parameters(),
            PopulationCommand.TestKept.of(population, best.id()).testAccuracy())),
        population.meanFitness(), population.flops(), elapsedSeconds, throughput.perMinute(now),
        throughput.imagesPerSecond(), throughput.trainingShare(), trainings);
  }

  /** As this one, paused, with nobody seen to train. */
  Status paused() {
    return new Status(experiment, State.PAUSED, event, individuals, alive, dead, training, failed, best, meanFitness,
        flops, elapsedSeconds, perMinute, 0, trainingShare, List.of());
  }

  /** What an experiment is doing. */
  public enum State {
    /** Children are trained. */
    RUNNING,
    /** Nothing new is assigned until it is told to go on; see the log for why. */
    PAUSED,
    /** The end that {@link Until} names was reached and nobody is in training. */
    FINISHED,
    /** No worker is there. */
    STOPPED
  }

  /**
   * The individual with the highest fitness so far, the first of equals; it may be dead.
   *
   * @param weights content hash
   * @param testAccuracy where the test set was read for it
   */
  public record Best(long id, double fitness, String weights, long parameters, OptionalDouble testAccuracy) {}

  /** One training in progress since {@code seconds}: {@code step} of {@code steps} are done. */
  public record Training(String worker, long child, int attempt, long step, long steps, double seconds) {}
}
