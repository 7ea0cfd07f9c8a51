package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Network;
import dev.cambrian.training.libtorch.LibtorchEngine;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The generated data set is what it is meant to be: convolutions learn it, the initial individual does not. */
class ShapesLearnedTest {

  @Test
  void smallConvNet_passes90PercentWhereTheInitialIndividualStaysUnder20() throws Exception {
    Dataset data = new Shapes(3).generate();
    Split split = Splits.of(data, 0.1, 3);
    try (Engine engine = new LibtorchEngine(Clock.systemUTC(), Duration.ofMinutes(10))) {
      assertTrue(accuracy(engine, NetworkBuilder.initial(3, 32, 10), split, data) < 0.20);
      double accuracy = accuracy(engine, NetworkBuilder.plain(3, 32, 10, 16, 32, 32), split, data);
      assertTrue(accuracy > 0.90, "a small ConvNet reaches " + accuracy);
    }
  }

  /** Of the test set, after 20,000 images: most at a rate that learns fast, the last at one that settles. */
  private static double accuracy(Engine engine, Network network, Split split, Dataset data) throws Exception {
    Weights weights = engine.train(network, Weights.none(), plan(300, 0.05), split, (step, loss) -> {}).weights();
    weights = engine.train(network, weights, plan(100, 0.005), split, (step, loss) -> {}).weights();
    return engine.scores(network, weights, Normalization.of(split), data.test()).accuracy(data.test());
  }

  private static TrainingPlan plan(long steps, double learningRate) {
    return new TrainingPlan(steps, 50, learningRate, 0.9, 1e-4, TrainingPlan.Precision.FP32, true, 1);
  }
}
