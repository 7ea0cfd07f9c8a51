package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.training.TrainingFailed.Reason;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.libtorch.LibtorchEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class LibtorchEngineTest extends TrainingContract {
  private static final Engine ENGINE = new LibtorchEngine(Clock.systemUTC(), Duration.ofMinutes(5));

  @Override
  Engine engine() {
    return ENGINE;
  }

  @Override
  long physicalBytes() {
    return Pointer.physicalBytes();
  }

  @Override
  Engine open(Clock clock, Duration longest) {
    return new LibtorchEngine(clock, longest);
  }

  @Test
  void train_averagesOverflowWhileTheLossDoesNot_failsAsDiverged() {
    float[] huge = new float[135];
    Arrays.fill(huge, 1e25f);
    Weights parent = new Weights(Map.of("n1/filter", new Tensor(List.of(5, 3, 3, 3), huge)));
    TrainingFailed failed = assertThrows(TrainingFailed.class,
        () -> ENGINE.train(NETWORK, parent, plan(1, 0, Precision.BF16, 1), DATA, NOBODY));
    assertEquals(Reason.DIVERGED, failed.reason());
    assertTrue(failed.getMessage().startsWith("variable n2/"), failed.getMessage());
  }
}
