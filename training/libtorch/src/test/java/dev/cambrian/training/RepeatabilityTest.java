package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Network;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.libtorch.LibtorchEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The same seed gives the same bits: design.md's fifth invariant needs it of the engine. */
class RepeatabilityTest {
  private static final Split DATA = EasyImages.split(300, 150, 16, 4, 11);

  /** Networks that take different ways through the library: odd and even widths, wide ones, skips, no convolution. */
  private static final List<Network> NETWORKS = List.of(
      NetworkBuilder.initial(3, 16, 4),
      NetworkBuilder.plain(3, 16, 4, 3, 7, 50),
      NetworkBuilder.residual(3, 16, 4, 8, 1));

  private static String fingerprint(Engine engine) throws Exception {
    StringBuilder fingerprint = new StringBuilder();
    for (Network network : NETWORKS) {
      for (Precision precision : Precision.values()) {
        TrainingPlan plan = new TrainingPlan(25, 50, 0.05, 0.9, 1e-4, precision, true, 42);
        TrainingResult result = engine.train(network, Weights.none(), plan, DATA, (step, loss) -> {});
        int hash = 0;
        for (Tensor tensor : result.weights().tensors().values()) {
          hash = 31 * hash + Arrays.hashCode(tensor.values());
        }
        fingerprint.append(hash).append(' ').append(result.validationAccuracy()).append(' ')
            .append(result.curve().get(result.curve().size() - 1).loss()).append(' ');
      }
    }
    return fingerprint.toString();
  }

  private static Engine open() {
    return new LibtorchEngine(Clock.systemUTC(), Duration.ofMinutes(5));
  }

  @Test
  void train_again_onAnotherThread_besideOthers_inAnotherProcess_sameBits() throws Exception {
    try (Engine engine = open()) {
      String first = fingerprint(engine);
      assertEquals(first, fingerprint(engine), "again");

      AtomicBoolean over = new AtomicBoolean();
      Thread beside = new Thread(() -> {
        try {
          for (int seed = 0; !over.get(); seed++) {
            engine.train(NETWORKS.get(seed % NETWORKS.size()), Weights.none(),
                new TrainingPlan(7, 30 + seed % 3, 0.05, 0.9, 1e-4, Precision.FP32, true, seed), DATA, (s, l) -> {});
          }
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      });
      beside.start();
      try {
        assertEquals(first, fingerprint(engine), "beside another training");
      } finally {
        over.set(true);
        beside.join();
      }
      assertEquals(first, inAnotherProcess(), "in another process");
    }
  }

  private static String inAnotherProcess() throws Exception {
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
        "-cp", System.getProperty("java.class.path"), RepeatabilityTest.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return output;
  }

  /** What the other process does. */
  public static void main(String[] arguments) throws Exception {
    try (Engine engine = open()) {
      System.out.print(fingerprint(engine));
    }
  }
}
