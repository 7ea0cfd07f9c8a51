package dev.cambrian.model;

import dev.cambrian.model.Network.Node;

/**
 * How much memory the training of a network takes, estimated from its shapes alone, so that the same child is too large
 * on every machine. Single precision: every node's output and its gradient for a whole batch, and for every trained
 * value the weight, its gradient and its momentum. Left out is what an engine needs besides: its kernels' workspaces
 * and its own footprint.
 */
public final class TrainingMemory {
  private TrainingMemory() {}

  private static final int BYTES_PER_VALUE = 4;

  /** The estimate in bytes, for a batch of so many images. */
  public static long bytes(Network network, int batch) {
    double activations = 0;
    for (Node node : network.nodes()) {
      activations += node.shape().size();
    }
    double weights = 0;
    for (Variable variable : network.variables()) {
      weights += variable.trained() ? 3.0 * variable.size() : variable.size();
    }
    // A double does not overflow, and the cast saturates.
    return (long) (BYTES_PER_VALUE * (2 * activations * batch + weights));
  }
}
