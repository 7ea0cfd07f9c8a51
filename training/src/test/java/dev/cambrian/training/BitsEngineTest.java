package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cambrian.model.BitsSpace;
import dev.cambrian.model.Network;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class BitsEngineTest extends EngineContract {
  private static final int LENGTH = 100;
  private final Engine engine = new BitsEngine(LENGTH, Clock.systemUTC());

  @Override
  Engine engine() {
    return engine;
  }

  @Test
  void fitness_isTheShareOfOnes_withNoiseOfOneHundredth() throws Exception {
    BitsSpace space = new BitsSpace(LENGTH, 10);
    Network network = space.express("1".repeat(30) + "0".repeat(70));
    double sum = 0;
    double squares = 0;
    int trainings = 2000;
    for (int seed = 0; seed < trainings; seed++) {
      double fitness = engine.train(network, Weights.none(), plan(1, seed), DATA, (step, loss) -> {})
          .validationAccuracy();
      sum += fitness;
      squares += (fitness - 0.3) * (fitness - 0.3);
    }
    assertEquals(0.3, sum / trainings, 5 * 0.01 / Math.sqrt(trainings));
    assertEquals(0.01, Math.sqrt(squares / trainings), 0.001);
  }
}
