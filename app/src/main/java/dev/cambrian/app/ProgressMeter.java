package dev.cambrian.app;

import dev.cambrian.actors.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Turns the states of an experiment, as they come, into progress: how far it is to its end, and how long it takes. */
final class ProgressMeter {
  /** Points of the curve that are kept; every other one is dropped where there are more. */
  private static final int POINTS = 512;

  private final Configuration.Until until;
  private final List<Double> curve = new ArrayList<>();
  private int stride = 1;
  private long seen;
  private Status first;

  ProgressMeter(Configuration.Until until) {
    this.until = until;
  }

  /** The progress that a state is. States must be given in the order of time. */
  Progress progress(Status status) {
    if (first == null) {
      first = status;
    }
    OptionalDouble best = OptionalDouble.empty();
    OptionalLong bestIndividual = OptionalLong.empty();
    if (status.best().isPresent()) {
      best = OptionalDouble.of(status.best().get().fitness());
      bestIndividual = OptionalLong.of(status.best().get().id());
      remember(best.getAsDouble());
    }
    OptionalDouble mean = Double.isNaN(status.meanFitness())
        ? OptionalDouble.empty() : OptionalDouble.of(status.meanFitness());
    List<Progress.Slot> slots = status.trainings().stream()
        .map(training -> new Progress.Slot(training.child(), training.step(), training.steps()))
        .toList();
    return new Progress(
        status.experiment(), word(status.state()), status.event(), status.individuals(), status.alive(), status.dead(),
        status.training(), status.failed(), best, bestIndividual, mean, status.flops(), status.elapsedSeconds(),
        status.perMinute(), status.imagesPerSecond(), done(status), secondsLeft(status), slots);
  }

  /** The best fitness over time, oldest first. */
  List<Double> curve() {
    return List.copyOf(curve);
  }

  private void remember(double fitness) {
    if (seen++ % stride == 0) {
      curve.add(fitness);
    }
    if (curve.size() > POINTS) {
      for (int i = curve.size() - 1; i > 0; i -= 2) {
        curve.remove(i);
      }
      stride *= 2;
    }
  }

  /** The share of the way to the nearest end. Fitness is no way that can be measured. */
  private OptionalDouble done(Status status) {
    OptionalDouble done = OptionalDouble.empty();
    if (until.individuals().isPresent()) {
      done = later(done, (double) (status.individuals() - status.training()) / until.individuals().getAsLong());
    }
    if (until.minutes().isPresent()) {
      done = later(done, status.elapsedSeconds() / (60 * until.minutes().getAsDouble()));
    }
    if (until.flops().isPresent()) {
      done = later(done, status.flops() / until.flops().getAsDouble());
    }
    return done;
  }

  /** The time to the first of the ends, each at the speed of this sitting. */
  private OptionalDouble secondsLeft(Status status) {
    if (status.state() == Status.State.FINISHED) {
      return OptionalDouble.empty();
    }
    double seconds = status.elapsedSeconds() - first.elapsedSeconds();
    OptionalDouble left = OptionalDouble.empty();
    if (until.minutes().isPresent()) {
      left = sooner(left, 60 * until.minutes().getAsDouble() - status.elapsedSeconds());
    }
    if (until.individuals().isPresent()) {
      double ended = status.individuals() - status.training();
      double speed = (ended - (first.individuals() - first.training())) / seconds;
      left = sooner(left, (until.individuals().getAsLong() - ended) / speed);
    }
    if (until.flops().isPresent()) {
      double speed = (status.flops() - first.flops()) / seconds;
      left = sooner(left, (until.flops().getAsDouble() - status.flops()) / speed);
    }
    return left;
  }

  private static OptionalDouble later(OptionalDouble one, double other) {
    return OptionalDouble.of(Math.min(1, Math.max(one.orElse(0), other)));
  }

  private static OptionalDouble sooner(OptionalDouble one, double other) {
    if (Double.isNaN(other) || Double.isInfinite(other)) {
      return one;
    }
    return OptionalDouble.of(Math.max(0, Math.min(one.orElse(other), other)));
  }

  /** A node that runs is never stopped: its workers were not heard of yet. */
  private static String word(Status.State state) {
    return state == Status.State.RUNNING || state == Status.State.STOPPED
        ? "evolving" : state.name().toLowerCase(Locale.ROOT);
  }
}
