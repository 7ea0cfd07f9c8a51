package dev.cambrian.actors;

import dev.cambrian.training.Images;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One experiment, running in this process. */
public final class EvolutionNode implements AutoCloseable {
  private EvolutionNode() {}

  /**
   * Opens or begins the experiment and sets its workers to work; returns once the population has recovered.
   *
   * @throws CannotStart where the home cannot be used or holds another experiment
   */
  public static EvolutionNode start(NodeSettings settings, Equipment equipment) throws CannotStart {
    throw new CannotStart("no node is built yet");
  }

  /** The experiment as it is now. */
  public CompletionStage<Status> status() {
    return new CompletableFuture<>();
  }

  /** Completes with the last status when the end was reached; fails with one sentence where the node cannot go on. */
  public CompletionStage<Status> finished() {
    return new CompletableFuture<>();
  }

  /** What is known of one individual; an individual that never was has an empty biography. */
  public CompletionStage<Biography> individual(long id) {
    return new CompletableFuture<>();
  }

  /** The test accuracy of an individual, where it was ever read. */
  public CompletionStage<OptionalDouble> testAccuracy(long id) {
    return new CompletableFuture<>();
  }

  /**
   * The test accuracy of an individual: the kept one where it was ever read, otherwise read now and kept.
   *
   * @param test is asked for the test set only where it must be read
   */
  public CompletionStage<Double> readTest(long id, Supplier<Images> test) {
    return new CompletableFuture<>();
  }

  /** Keeps a test accuracy that was read elsewhere; the one kept before wins and is returned. */
  public CompletionStage<Double> recordTest(long id, double testAccuracy) {
    return new CompletableFuture<>();
  }

  /** Deletes weights that nothing names any more; the addresses that were deleted. */
  public CompletionStage<Set<String>> collectGarbage() {
    return new CompletableFuture<>();
  }

  /** Ends the trainings in flight, which are handed out again on the next start, and closes the journal. */
  public CompletionStage<Void> stop() {
    return CompletableFuture.completedFuture(null);
  }

  /** As {@link #stop}, and waits for it. */
  @Override
  public void close() {
    stop().toCompletableFuture().join();
  }
}
