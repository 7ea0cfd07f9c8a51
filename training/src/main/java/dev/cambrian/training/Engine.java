package dev.cambrian.training;

import dev.cambrian.model.Network;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What trains networks: one per process, shared by all slots; every method may be called from several threads at once
 * and blocks until it is done. Implementations own their native memory and free it before they return.
 */
public interface Engine extends AutoCloseable {

  /** The processor, as a device. */
  String CPU = "cpu";

  /** A word for logs and events, e.g. {@code "libtorch"}. */
  String name();

  /** The arithmetic that it can train in. */
  default Set<TrainingPlan.Precision> precisions() {
    return EnumSet.of(TrainingPlan.Precision.FP32);
  }

  /** What it trains on, one word each: {@link #CPU} alone, or this machine's GPUs, e.g. {@code "cuda:0"}. */
  default List<String> devices() {
    return List.of(CPU);
  }

  /**
   * Trains a network from inherited weights and validates it. A variable takes the inherited value where id and shape
   * match and starts from its initializer elsewhere.
   *
   * @param listener is told of progress from the training thread, a few times a second at most
   * @throws TrainingFailed with the reason that the individual fails with
   * @throws InterruptedException where the thread was interrupted; within one batch
   */
  TrainingResult train(
      Network network, Weights inherited, TrainingPlan plan, Split data, ProgressListener listener)
      throws TrainingFailed, InterruptedException;

  /** The class scores (logits) of images, in order. */
  ClassScores scores(Network network, Weights weights, Normalization normalization, Images images);

  @Override
  void close();

  /** Is told how far a training is. */
  @FunctionalInterface
  interface ProgressListener {
    /** {@code step} of {@code plan.steps()} batches are done; {@code loss} is the latest batch's. */
    void at(long step, double loss);
  }
}
