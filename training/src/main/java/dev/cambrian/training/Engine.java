package dev.cambrian.training;

import dev.cambrian.model.Network;
import java.util.EnumSet;
import java.util.Set;

/**
 * What trains networks: one per process, shared by all slots; every method may be called from several threads at once
 * and blocks until it is done. Implementations own their native memory and free it before they return.
 */
public interface Engine extends AutoCloseable {

  /** A word for logs and events, e.g. {@code "libtorch"}. */
  String name();

  /** The arithmetic that it can train in. */
  default Set<TrainingPlan.Precision> precisions() {
    return EnumSet.of(TrainingPlan.Precision.FP32);
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

  /** The class scores' arg max for each image, in order. */
  int[] predict(Network network, Weights weights, Normalization normalization, Images images);

  /** The class probabilities (softmax) for each image: {@code [image][class]}. */
  float[][] probabilities(Network network, Weights weights, Normalization normalization, Images images);

  /** The share of images whose predicted class is their label, 0 to 1. */
  default double accuracy(Network network, Weights weights, Normalization normalization, Images images) {
    int[] predicted = predict(network, weights, normalization, images);
    int right = 0;
    for (int i = 0; i < predicted.length; i++) {
      if (predicted[i] == images.label(i)) {
        right++;
      }
    }
    return (double) right / predicted.length;
  }

  @Override
  void close();

  /** Is told how far a training is. */
  @FunctionalInterface
  interface ProgressListener {
    /** {@code step} of {@code plan.steps()} batches are done; {@code loss} is the latest batch's. */
    void at(long step, double loss);
  }
}
