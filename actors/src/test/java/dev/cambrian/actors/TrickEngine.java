package dev.cambrian.actors;

import dev.cambrian.model.Network;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import dev.cambrian.training.SurrogateEngine;
import dev.cambrian.training.TrainingFailed;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** A surrogate whose n-th training goes as a test wants it to. */
final class TrickEngine implements Engine {

  /** What happens before, or instead of, the n-th training, from 1. */
  @FunctionalInterface
  interface Trick {
    void play(int training) throws TrainingFailed, InterruptedException;
  }

  private final SurrogateEngine surrogate = new SurrogateEngine(Clock.systemUTC());
  private final AtomicInteger trainings = new AtomicInteger();
  private final AtomicInteger readings = new AtomicInteger();
  private final Trick trick;

  TrickEngine(Trick trick) {
    this.trick = trick;
  }

  int trainings() {
    return trainings.get();
  }

  /** How often images were classified. */
  int readings() {
    return readings.get();
  }

  @Override
  public String name() {
    return "surrogate";
  }

  @Override
  public TrainingResult train(
      Network network, Weights inherited, TrainingPlan plan, Split data, ProgressListener listener)
      throws TrainingFailed, InterruptedException {
    trick.play(trainings.incrementAndGet());
    return surrogate.train(network, inherited, plan, data, listener);
  }

  @Override
  public ClassScores scores(Network network, Weights weights, Normalization normalization, Images images) {
    readings.incrementAndGet();
    return surrogate.scores(network, weights, normalization, images);
  }

  @Override
  public void close() {
    surrogate.close();
  }
}
