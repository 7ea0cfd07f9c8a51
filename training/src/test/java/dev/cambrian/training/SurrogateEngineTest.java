package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import org.junit.jupiter.api.Test;

class SurrogateEngineTest extends EngineContract {
  private final Engine engine = new SurrogateEngine(Clock.systemUTC());

  @Override
  Engine engine() {
    return engine;
  }

  @Test
  void train_generationAfterGeneration_fitnessRises() throws Exception {
    double first = 0;
    double last = 0;
    for (int lineage = 0; lineage < 50; lineage++) {
      Weights weights = Weights.none();
      for (int generation = 0; generation < 40; generation++) {
        TrainingResult result =
            engine.train(NETWORK, weights, plan(1, 1000L * lineage + generation), DATA, (step, loss) -> {});
        weights = result.weights();
        first += generation == 0 ? result.validationAccuracy() / 50 : 0;
        last += generation == 39 ? result.validationAccuracy() / 50 : 0;
      }
    }
    assertTrue(first < 0.25, "first generation " + first);
    assertTrue(last > 0.5 && last < 1, "last generation " + last);
  }

  @Test
  void accuracy_isAboutTheFitness() throws Exception {
    Weights weights = Weights.none();
    for (int generation = 0; generation < 20; generation++) {
      weights = engine.train(NETWORK, weights, plan(1, generation), DATA, (step, loss) -> {}).weights();
    }
    TrainingResult result = engine.train(NETWORK, weights, plan(1, 99), DATA, (step, loss) -> {});
    assertEquals(result.validationAccuracy(),
        engine.scores(NETWORK, result.weights(), Normalization.of(DATA), DATA.validation())
            .accuracy(DATA.validation()),
        0.1);
  }
}
