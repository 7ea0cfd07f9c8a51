package dev.cambrian.training;

import dev.cambrian.model.Network;
import dev.cambrian.model.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * "Trains" the rows of {@link dev.cambrian.model.BitsSpace} as Real18's simulation does: accuracy is the share of ones,
 * plus normal noise of standard deviation 0.01, decided by the plan's seed. No image is read.
 */
public final class BitsEngine implements Engine {
  private static final double NOISE = 0.01;
  /** What stands for weights: the accuracy, and how many trainings lie behind it. */
  private static final String WEIGHTS = "bits/accuracy-and-trainings";

  private final int length;
  private final Clock clock;

  /** For rows of so many bits. */
  public BitsEngine(int length, Clock clock) {
    this.length = length;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "bits";
  }

  @Override
  public TrainingResult train(
      Network network, Weights inherited, TrainingPlan plan, Split data, ProgressListener listener)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("training was interrupted at step 0 of " + plan.steps());
    }
    Instant started = clock.instant();
    long ones = network.nodes().stream().filter(node -> node.operation() instanceof Operation.Relu).count();
    double noise = NOISE * new SplittableRandom(plan.seed()).nextGaussian();
    double accuracy = Math.max(0, Math.min(1, (double) ones / length + noise));
    Tensor parents = inherited.tensors().get(WEIGHTS);
    float trainings = parents == null ? 1 : parents.values()[1] + 1;
    listener.at(plan.steps(), 1 - accuracy);
    Weights weights =
        new Weights(Map.of(WEIGHTS, new Tensor(List.of(2), new float[] {(float) accuracy, trainings})));
    return new TrainingResult(accuracy, weights,
        List.of(new TrainingResult.CurvePoint(plan.steps(), 1 - accuracy, accuracy)),
        Duration.between(started, clock.instant()));
  }

  @Override
  public ClassScores scores(Network network, Weights weights, Normalization normalization, Images images) {
    return new ChanceClassifier(network.classes(), weights.tensors().get(WEIGHTS).values()[0]).scores(images);
  }

  @Override
  public void close() {}
}
