package dev.cambrian.bench;

import dev.cambrian.model.Network;
import dev.cambrian.training.BitsEngine;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import dev.cambrian.training.TrainingFailed;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Trains nothing and takes its time over it: as long as a draw from a log-normal distribution says, whose tail is heavy,
 * and then answers as {@link BitsEngine} does. It notes how long every slot waited between two trainings.
 */
final class TimerEngine implements Engine {
  private static final double SIGMA = 1;
  private static final double MILLIS = 1e3;
  private static final double NANOS_A_MILLI = 1e6;

  private final BitsEngine bits;
  private final double meanSeconds;
  private final ThreadLocal<Long> ended = new ThreadLocal<>();
  private final List<Double> waits = new ArrayList<>();

  TimerEngine(int bits, double meanSeconds) {
    this.bits = new BitsEngine(bits, Clock.systemUTC());
    this.meanSeconds = meanSeconds;
  }

  @Override
  public String name() {
    return "timer";
  }

  @Override
  public TrainingResult train(
      Network network, Weights inherited, TrainingPlan plan, Split data, ProgressListener listener)
      throws TrainingFailed, InterruptedException {
    Long before = ended.get();
    if (before != null) {
      synchronized (waits) {
        waits.add((System.nanoTime() - before) / NANOS_A_MILLI);
      }
    }
    double logarithm = Math.log(meanSeconds) - SIGMA * SIGMA / 2 + SIGMA * new Random(plan.seed()).nextGaussian();
    Thread.sleep(Math.round(MILLIS * Math.exp(logarithm)));
    TrainingResult result = bits.train(network, inherited, plan, data, listener);
    ended.set(System.nanoTime());
    return result;
  }

  /** The waits between two trainings of a slot, in milliseconds, in ascending order. */
  double[] waits() {
    synchronized (waits) {
      double[] sorted = waits.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return sorted;
    }
  }

  @Override
  public ClassScores scores(Network network, Weights weights, Normalization normalization, Images images) {
    return bits.scores(network, weights, normalization, images);
  }

  @Override
  public void close() {
    bits.close();
  }
}
