package dev.cambrian.training;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;

import dev.cambrian.model.Network;
import dev.cambrian.training.TrainingFailed.Reason;
import dev.cambrian.training.TrainingResult.CurvePoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** One training on the calling thread: the steps, what is watched meanwhile, and the validation at the end. */
final class LibtorchTraining {
  private static final int CURVE_POINTS = 20;
  private static final Duration BETWEEN_REPORTS = Duration.ofMillis(300);

  private final Network network;
  private final TrainingPlan plan;
  private final Split data;
  private final Engine.ProgressListener listener;
  private final Clock clock;
  private final Duration longest;
  private final Instant started;
  private final List<CurvePoint> curve = new ArrayList<>();
  private Instant reported;
  private double lossSum;
  private long right;
  private long seen;
  private long steps;

  LibtorchTraining(Network network, TrainingPlan plan, Split data, Engine.ProgressListener listener, Clock clock,
      Duration longest) {
    this.network = network;
    this.plan = plan;
    this.data = data;
    this.listener = listener;
    this.clock = clock;
    this.longest = longest;
    started = clock.instant();
    reported = started;
  }

  TrainingResult run(Weights starting) throws TrainingFailed, InterruptedException {
    try (PointerScope scope = new PointerScope()) {
      LibtorchVariables variables = LibtorchVariables.trained(network, starting);
      train(variables);
      Weights weights = variables.toHeap();
      requireFinite(weights);
      double accuracy = validate(variables);
      return new TrainingResult(accuracy, weights, curve, Duration.between(started, clock.instant()));
    }
  }

  private void train(LibtorchVariables variables) throws TrainingFailed, InterruptedException {
    Augmentation augmentation = plan.augmented() ? Augmentation.REAL17 : Augmentation.NONE;
    BatchSource source = BatchSource.shuffled(data, plan.batch(), augmentation, plan.seed());
    LibtorchBatch batch = new LibtorchBatch(source, network.inputShape());
    LibtorchNetwork forward = new LibtorchNetwork(network, variables, true, plan.precision());
    Scalar momentum = new Scalar(plan.momentum());
    Scalar weightDecay = new Scalar(plan.weightDecay());
    Scalar minusLearningRate = new Scalar(-plan.learningRate());
    ClassScores scores =
        new ClassScores(network.classes(), new float[Math.multiplyExact(plan.batch(), network.classes())]);
    for (long step = 1; step <= plan.steps(); step++) {
      batch.next();
      float loss;
      try (PointerScope scope = new PointerScope()) {
        Tensor logits = forward.scores(batch.images());
        Tensor mean = cross_entropy_loss(logits, batch.labels());
        variables.decay(momentum, weightDecay);
        mean.backward();
        variables.move(minusLearningRate);
        loss = mean.item_float();
        logits.data_ptr_float().get(scores.values());
      }
      watch(step, loss);
      record(step, loss, scores, batch);
    }
  }

  /** Fails where the training cannot or should not go on. */
  private void watch(long step, float loss) throws TrainingFailed, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("training was interrupted at step " + step + " of " + plan.steps());
    }
    if (!Float.isFinite(loss)) {
      throw new TrainingFailed(Reason.DIVERGED, "the loss was " + loss + " at step " + step + " of " + plan.steps());
    }
    Instant now = clock.instant();
    if (Duration.between(started, now).compareTo(longest) > 0) {
      throw new TrainingFailed(Reason.TOO_SLOW,
          "training took longer than " + longest.toSeconds() + " s: it was at step " + step + " of " + plan.steps());
    }
    if (Duration.between(reported, now).compareTo(BETWEEN_REPORTS) >= 0) {
      reported = now;
      listener.at(step, loss);
    }
  }

  private void record(long step, float loss, ClassScores scores, LibtorchBatch batch) {
    lossSum += loss;
    steps++;
    for (int i = 0; i < batch.count(); i++) {
      if (scores.predicted(i) == batch.label(i)) {
        right++;
      }
    }
    seen += batch.count();
    long points = Math.min(CURVE_POINTS, plan.steps());
    if (step * points / plan.steps() > (step - 1) * points / plan.steps()) {
      curve.add(new CurvePoint(step, lossSum / steps, (double) right / seen));
      lossSum = 0;
      steps = 0;
      right = 0;
      seen = 0;
    }
  }

  private static void requireFinite(Weights weights) throws TrainingFailed {
    for (var entry : weights.tensors().entrySet()) {
      for (float value : entry.getValue().values()) {
        if (!Float.isFinite(value)) {
          throw new TrainingFailed(Reason.DIVERGED, "variable " + entry.getKey() + " became " + value);
        }
      }
    }
  }

  private double validate(LibtorchVariables variables) throws InterruptedException {
    int[] predicted = LibtorchPrediction
        .scores(network, variables, plan.precision(), Normalization.of(data), data.validation())
        .predicted();
    int correct = 0;
    for (int i = 0; i < predicted.length; i++) {
      if (predicted[i] == data.validation().label(i)) {
        correct++;
      }
    }
    return (double) correct / predicted.length;
  }
}
