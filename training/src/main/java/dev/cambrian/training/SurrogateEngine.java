package dev.cambrian.training;

import dev.cambrian.model.Network;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Stands in for training where only the evolution around it is of interest: no images are read, and a training is over
 * at once. An individual has one number, its skill, which its weights carry from generation to generation: a child
 * starts from its parent's and moves a little towards 1 or back, by chance and by the plan's seed. So fitness rises
 * with generations as it would, weights differ from individual to individual, and the same arguments always give the
 * same result.
 */
public final class SurrogateEngine implements Engine {
  private static final String SKILL = "surrogate/skill";
  private static final double FIRST_SKILL = 0.2;
  /** The share of what is missing to 1 that one training gains at most, and loses at most. */
  private static final double GAIN = 0.1;

  private static final double LOSS = 0.05;

  private final Clock clock;

  public SurrogateEngine(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "surrogate";
  }

  @Override
  public TrainingResult train(
      Network network, Weights inherited, TrainingPlan plan, Split data, ProgressListener listener)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("training was interrupted at step 0 of " + plan.steps());
    }
    Instant started = clock.instant();
    SplittableRandom random = new SplittableRandom(plan.seed() ^ 31L * network.nodes().size());
    Tensor parents = inherited.tensors().get(SKILL);
    double skill = parents == null ? FIRST_SKILL * random.nextDouble() : parents.values()[0];
    skill += (1 - skill) * (random.nextDouble() * (GAIN + LOSS) - LOSS);
    skill = Math.max(0, skill);
    listener.at(plan.steps(), 1 - skill);
    Weights weights = new Weights(Map.of(SKILL, new Tensor(List.of(1), new float[] {(float) skill})));
    return new TrainingResult((float) skill, weights,
        List.of(new TrainingResult.CurvePoint(plan.steps(), 1 - skill, skill)),
        Duration.between(started, clock.instant()));
  }

  @Override
  public ClassScores scores(Network network, Weights weights, Normalization normalization, Images images) {
    return new ChanceClassifier(network.classes(), weights.tensors().get(SKILL).values()[0]).scores(images);
  }

  @Override
  public void close() {}
}
