package dev.cambrian.training;

/**
 * How one individual is trained (Real17, Training): plain SGD with momentum at a constant rate.
 *
 * @param steps batches
 * @param batch images a batch
 * @param learningRate from the genotype
 * @param momentum Real17: 0.9
 * @param weightDecay Real17: 1e-4, on the variables that say {@code decayed}
 * @param precision of the arithmetic; weights are always kept in single precision
 * @param augmented whether training images are cropped and flipped at random
 * @param device one of {@link Engine#devices()}
 * @param seed decides initial weights, the order of images and augmentation
 */
public record TrainingPlan(
    long steps,
    int batch,
    double learningRate,
    double momentum,
    double weightDecay,
    Precision precision,
    boolean augmented,
    String device,
    long seed) {

  /** On the processor. */
  public TrainingPlan(long steps, int batch, double learningRate, double momentum, double weightDecay,
      Precision precision, boolean augmented, long seed) {
    this(steps, batch, learningRate, momentum, weightDecay, precision, augmented, Engine.CPU, seed);
  }

  /** The arithmetic of a training. */
  public enum Precision {
    FP32,
    BF16
  }
}
