package dev.cambrian.training;

import dev.cambrian.training.TrainingFailed.Reason;
import dev.cambrian.training.TrainingResult.CurvePoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What every engine watches and notes while it trains one network: whether the training may go on, how far it is, and
 * its curve. One thread.
 */
public final class TrainingLog {
  private static final int CURVE_POINTS = 20;
  private static final Duration BETWEEN_REPORTS = Duration.ofMillis(300);

  private final TrainingPlan plan;
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

  /**
   * Begins now.
   *
   * @param longest the time after which the training fails as too slow
   */
  public TrainingLog(TrainingPlan plan, Engine.ProgressListener listener, Clock clock, Duration longest) {
    this.plan = plan;
    this.listener = listener;
    this.clock = clock;
    this.longest = longest;
    started = clock.instant();
    reported = started;
  }

  /**
   * To be called after every step.
   *
   * @param step from 1
   * @param loss the batch's mean
   * @param scores of the batch's images
   * @param labels the class of each image of the batch
   * @param count the images in the batch
   * @throws TrainingFailed where the training should not go on
   * @throws InterruptedException where the thread was interrupted
   */
  public void done(long step, float loss, ClassScores scores, IntUnaryOperator labels, int count)
      throws TrainingFailed, InterruptedException {
    watch(step, loss);
    note(step, loss, scores, labels, count);
  }

  /** The points so far. */
  public List<CurvePoint> curve() {
    return List.copyOf(curve);
  }

  /** The time since it was begun. */
  public Duration took() {
    return Duration.between(started, clock.instant());
  }

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

  private void note(long step, float loss, ClassScores scores, IntUnaryOperator labels, int count) {
    lossSum += loss;
    steps++;
    for (int i = 0; i < count; i++) {
      if (scores.predicted(i) == labels.applyAsInt(i)) {
        right++;
      }
    }
    seen += count;
    long points = Math.min(CURVE_POINTS, plan.steps());
    if (step * points / plan.steps() > (step - 1) * points / plan.steps()) {
      curve.add(new CurvePoint(step, lossSum / steps, (double) right / seen));
      lossSum = 0;
      steps = 0;
      right = 0;
      seen = 0;
    }
  }

  /** Fails as diverged where a weight is not a number, or infinite. */
  public static void requireFinite(Weights weights) throws TrainingFailed {
    for (var entry : weights.tensors().entrySet()) {
      for (float value : entry.getValue().values()) {
        if (!Float.isFinite(value)) {
          throw new TrainingFailed(Reason.DIVERGED, "variable " + entry.getKey() + " became " + value);
        }
      }
    }
  }
}
