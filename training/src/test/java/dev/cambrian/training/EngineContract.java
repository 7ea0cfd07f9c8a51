package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Network;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.TrainingResult.CurvePoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds for every engine. */
abstract class EngineContract {
  static final Split DATA = EasyImages.split(500, 200, 8, 4, 11);
  static final Network NETWORK = NetworkBuilder.plain(3, 8, 4, 5, 8);

  abstract Engine engine();

  TrainingPlan plan(long steps, double learningRate, Precision precision, long seed) {
    return new TrainingPlan(steps, 20, learningRate, 0.9, 1e-4, precision, true, device(), seed);
  }

  /** Where it trains. */
  String device() {
    return engine().devices().get(0);
  }

  TrainingPlan plan(long steps, long seed) {
    return plan(steps, 0.05, Precision.FP32, seed);
  }

  TrainingResult train(TrainingPlan plan) throws Exception {
    return engine().train(NETWORK, Weights.none(), plan, DATA, (step, loss) -> {});
  }

  @Test
  void train_anyNetwork_givesAccuracyWeightsAndCurve() throws Exception {
    TrainingResult result = train(plan(45, 1));
    assertTrue(result.validationAccuracy() >= 0 && result.validationAccuracy() <= 1);
    assertFalse(result.weights().tensors().isEmpty());
    List<CurvePoint> curve = result.curve();
    assertEquals(45, curve.get(curve.size() - 1).step());
    assertTrue(curve.size() <= 20);
    for (int i = 0; i < curve.size(); i++) {
      assertTrue(i == 0 || curve.get(i).step() > curve.get(i - 1).step());
      assertTrue(curve.get(i).loss() >= 0);
      assertTrue(curve.get(i).accuracy() >= 0 && curve.get(i).accuracy() <= 1);
    }
  }

  @Test
  void train_sameArguments_sameBits() throws Exception {
    TrainingResult first = train(plan(30, 5));
    TrainingResult second = train(plan(30, 5));
    assertEquals(first.weights(), second.weights());
    assertEquals(first.validationAccuracy(), second.validationAccuracy());
    assertEquals(first.curve(), second.curve());
  }

  @Test
  void train_otherSeed_otherWeights() throws Exception {
    assertFalse(train(plan(10, 1)).weights().equals(train(plan(10, 2)).weights()));
  }

  @Test
  void train_fromParentsWeights_differsFromFresh() throws Exception {
    TrainingResult parent = train(plan(10, 1));
    TrainingResult child = engine().train(NETWORK, parent.weights(), plan(10, 2), DATA, (step, loss) -> {});
    assertFalse(child.weights().equals(train(plan(10, 2)).weights()));
    assertEquals(parent.weights().tensors().keySet(), child.weights().tensors().keySet());
  }

  @Test
  void train_interruptedBefore_throws() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> train(plan(1000, 1)));
    assertFalse(Thread.interrupted());
  }

  @Test
  void probabilities_sumToOneAndAgreeWithPredictions() throws Exception {
    Weights weights = train(plan(10, 1)).weights();
    Images images = DATA.validation();
    ClassScores scores = engine().scores(NETWORK, weights, Normalization.of(DATA), images);
    float[][] probabilities = scores.probabilities();
    assertEquals(images.count(), probabilities.length);
    for (int i = 0; i < images.count(); i++) {
      double sum = 0;
      for (float probability : probabilities[i]) {
        sum += probability;
        assertTrue(probability <= probabilities[i][scores.predicted(i)]);
      }
      assertEquals(1, sum, 1e-5);
    }
  }

  @Test
  void train_listener_isToldOfRisingSteps() throws Exception {
    List<Long> steps = new ArrayList<>();
    engine().train(NETWORK, Weights.none(), plan(60, 1), DATA, (step, loss) -> steps.add(step));
    for (int i = 0; i < steps.size(); i++) {
      assertTrue(steps.get(i) <= 60 && (i == 0 || steps.get(i) > steps.get(i - 1)));
    }
  }

  @Test
  void took_isTheClocksTime() throws Exception {
    assertTrue(train(plan(3, 1)).took().compareTo(Duration.ofMinutes(5)) < 0);
  }
}
