package dev.cambrian.training;

import java.time.Duration;
import java.util.List;

/**
 * A finished training.
 *
 * @param validationAccuracy 0 to 1, over the whole validation set; the individual's fitness
 * @param weights every variable of the network, averages included
 * @param curve points of the training, in order of steps; the last one at the last step
 * @param took the time of the training and its validation
 */
public record TrainingResult(double validationAccuracy, Weights weights, List<CurvePoint> curve, Duration took) {
  public TrainingResult {
    curve = List.copyOf(curve);
  }

  /** The mean training loss and training accuracy over the steps since the point before. */
  public record CurvePoint(long step, double loss, double accuracy) {}
}
