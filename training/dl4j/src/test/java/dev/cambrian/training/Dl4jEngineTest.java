package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Network;
import dev.cambrian.training.TrainingFailed.Reason;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.dl4j.Dl4jEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.memory.AllocationsTracker;

class Dl4jEngineTest extends TrainingContract {
  private static final Engine ENGINE = new Dl4jEngine(Clock.systemUTC(), Duration.ofMinutes(5));

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
    return new Dl4jEngine(clock, longest);
  }

  /** The library makes garbage on the heap, which it takes the process a while to settle with. */
  @Override
  long mostGrowth() {
    return 60_000_000;
  }

  /** Networks that are all different, so that each is built, and each leaves the cache again. */
  @Test
  void train_manyNetworks_nativeMemoryIsAllGivenBack() throws Exception {
    long before;
    try (Engine engine = open(Clock.systemUTC(), Duration.ofMinutes(5))) {
      before = AllocationsTracker.getInstance().bytesOnDevice(0);
      for (int i = 0; i < 40; i++) {
        engine.train(NetworkBuilder.plain(3, 8, 4, 3 + i, 5), Weights.none(), plan(3, i), DATA, NOBODY);
      }
    }
    assertEquals(before, AllocationsTracker.getInstance().bytesOnDevice(0));
  }

  @Test
  void train_interruptedOrDiverged_nativeMemoryIsAllGivenBack() throws Exception {
    long before = AllocationsTracker.getInstance().bytesOnDevice(0);
    try (Engine engine = open(Clock.systemUTC(), Duration.ofMinutes(5))) {
      for (int i = 0; i < 5; i++) {
        int seed = i;
        assertThrows(TrainingFailed.class,
            () -> engine.train(NETWORK, Weights.none(), plan(100, 1e30, Precision.FP32, seed), DATA, NOBODY));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class,
            () -> engine.train(NETWORK, Weights.none(), plan(100, seed), DATA, NOBODY));
      }
    }
    assertEquals(before, AllocationsTracker.getInstance().bytesOnDevice(0));
  }

  @Test
  void train_severalThreadsAtOnce_sameBitsAsAlone() throws Exception {
    Network network = NetworkBuilder.residual(3, 8, 4, 5, 1);
    Weights alone = ENGINE.train(network, Weights.none(), plan(20, 1), DATA, NOBODY).weights();
    List<Weights> beside = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(new Thread(() -> {
        try {
          Weights weights = ENGINE.train(network, Weights.none(), plan(20, 1), DATA, NOBODY).weights();
          synchronized (beside) {
            beside.add(weights);
          }
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(alone, alone, alone, alone), beside);
  }

  @Test
  void train_inHalfPrecision_failsWithOneSentence() {
    TrainingFailed failed = assertThrows(TrainingFailed.class,
        () -> ENGINE.train(NETWORK, Weights.none(), plan(5, 0.1, Precision.BF16, 1), DATA, NOBODY));
    assertEquals(Reason.ENGINE_ERROR, failed.reason());
    assertTrue(failed.getMessage().contains("fp32"), failed.getMessage());
  }

  /** A node that is added to itself is one edge to the library; both count. */
  @Test
  void probabilities_sumOfOneNodeTwice_agreeWithPlainJava() {
    NetworkBuilder b = new NetworkBuilder(3, 8, 8);
    int convolved = b.convolution(0, 5, 3, 3, 1);
    Network network = b.classes(b.pool(b.relu(b.sum(convolved, convolved, b.fitChannels(0, 5)))), 4);
    Images images = EasyImages.images(10, 8, 4, new Random(3));
    Weights weights = random(network, 1);
    float[][] probabilities = ENGINE.scores(network, weights, EasyImages.NORMALIZATION, images).probabilities();
    double[][] scores = new NaiveNetwork(network, weights).scores(images, EasyImages.NORMALIZATION, false);
    for (int n = 0; n < probabilities.length; n++) {
      assertEquals(NaiveNetwork.softmax(scores[n])[0], probabilities[n][0], 1e-5);
    }
  }
}
