package dev.cambrian.training.dl4j;

import dev.cambrian.training.TrainingPlan;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The optimizer: SGD with momentum, and weight decay on the variables that say so.
 * {@code velocity = momentum * velocity + decay * weight + gradient; weight -= rate * velocity}.
 *
 * <p>The library's own momentum is Nesterov's only, and goes variable by variable; this goes over all at once. Owns
 * native memory until it is closed.
 */
final class PlainMomentum implements AutoCloseable {
  private final INDArray weights;
  private final INDArray gradients;
  private final INDArray velocity;
  /** Weight decay's factor for each value, and room for its pull; null where nothing is decayed. */
  private final INDArray decay;
  private final INDArray pull;
  private final double momentum;
  private final double learningRate;

  PlainMomentum(NetworkGraph graph, TrainingPlan plan) {
    weights = graph.variables();
    gradients = graph.gradients();
    momentum = plan.momentum();
    learningRate = plan.learningRate();
    velocity = Nd4j.zeros(DataType.FLOAT, 1, weights.length());
    boolean[] decayed = graph.decayed();
    float[] factors = new float[decayed.length];
    boolean any = false;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = decayed[i] ? (float) plan.weightDecay() : 0;
      any |= factors[i] != 0;
    }
    decay = any ? Nd4j.createFromArray(factors).reshape(1, factors.length) : null;
    pull = any ? Nd4j.createUninitialized(DataType.FLOAT, 1, factors.length) : null;
  }

  /** Moves the weights by their gradients. */
  void step() {
    velocity.muli(momentum);
    if (decay != null) {
      weights.mul(decay, pull);
      velocity.addi(pull);
    }
    velocity.addi(gradients);
    Nd4j.getBlasWrapper().level1().axpy(weights.length(), -learningRate, velocity, weights);
  }

  @Override
  public void close() {
    velocity.close();
    if (decay != null) {
      decay.close();
      pull.close();
    }
  }
}
