package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Network;
import dev.cambrian.model.Variable;
import dev.cambrian.training.TrainingFailed.Reason;
import dev.cambrian.training.TrainingPlan.Precision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What holds for every engine that trains networks by their meaning; memory is looked at in the whole process. */
abstract class TrainingContract extends EngineContract {
  static final Engine.ProgressListener NOBODY = (step, loss) -> {};

  /** The physical memory that the process has. */
  abstract long physicalBytes();

  /** Of the process's memory over 200 trainings: a leak of one batch's images per step would be 12 MB. */
  long mostGrowth() {
    return 10_000_000;
  }

  /** Another engine of the kind; the caller closes it. */
  abstract Engine open(Clock clock, Duration longest);

  /** Every operation: odd and even channels, strides, shapes; up and down, exact and inexact interpolation. */
  static Network zoo() {
    NetworkBuilder b = new NetworkBuilder(3, 12, 12);
    int first = b.batchNormRelu(b.convolution(0, 5, 3, 3, 1));
    int small = b.convolution(first, 8, 5, 1, 2);
    int norm = b.batchNorm(small);
    int relu = b.relu(norm);
    int back = b.resize(relu, 12, 12);
    int three = b.sum(b.fitChannels(first, 8), back, b.fitChannels(b.relu(0), 8));
    int inexact = b.resize(b.fitChannels(three, 7), 7, 9);
    int wide = b.batchNorm(b.convolution(inexact, 50, 1, 3, 1));
    int split = b.sum(b.relu(wide), wide);
    int eleven = b.batchNormRelu(b.fitChannels(split, 11));
    int up = b.resize(eleven, 11, 10);
    return b.classes(b.pool(b.batchNormRelu(b.convolution(up, 6, 3, 3, 2))), 4);
  }

  static Images images(int count, int size) {
    return EasyImages.images(count, size, 4, new Random(3));
  }

  /** Values such as a long training leaves: no variable is at its initializer. */
  static Weights random(Network network, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new HashMap<>(StartingWeights.of(network, Weights.none(), seed).tensors());
    for (Variable variable : network.variables()) {
      if (!variable.decayed()) {
        float[] values = new float[(int) variable.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = 0.5f + random.nextFloat();
        }
        tensors.put(variable.id(), new Tensor(variable.shape(), values));
      }
    }
    return new Weights(tensors);
  }

  @Test
  void open_libraryOfAnotherPlatform_saysSoInOneSentence() throws Exception {
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dorg.bytedeco.javacpp.platform=linux-riscv64",
        "-cp", System.getProperty("java.class.path"), EngineOpener.class.getName(), engine().name())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(said.contains(" does not load on linux-riscv64: ") && !said.contains("\n"), said);
  }

  @Test
  void open_byItsName_givesTheEngine() {
    try (Engine engine = Engines.open(engine().name(), Clock.systemUTC(), Duration.ofMinutes(5))) {
      assertEquals(engine().name(), engine.name());
    }
  }

  @Test
  void probabilities_everyOperation_agreeWithPlainJava() {
    Network network = zoo();
    Images images = images(30, 12);
    Weights weights = random(network, 1);
    float[][] probabilities = engine().scores(network, weights, EasyImages.NORMALIZATION, images).probabilities();
    double[][] scores = new NaiveNetwork(network, weights).scores(images, EasyImages.NORMALIZATION, false);
    for (int n = 0; n < probabilities.length; n++) {
      double[] expected = NaiveNetwork.softmax(scores[n]);
      for (int c = 0; c < expected.length; c++) {
        assertEquals(expected[c], probabilities[n][c], 1e-4 * expected[c] + 1e-7, "image " + n + ", class " + c);
      }
    }
  }

  @Test
  void probabilities_linearOnImages_agreeWithPlainJava() {
    NetworkBuilder b = new NetworkBuilder(3, 6, 6);
    Network network = b.classes(b.convolution(0, 5, 3, 3, 2), 4);
    Images images = images(10, 6);
    Weights weights = random(network, 1);
    float[][] probabilities = engine().scores(network, weights, EasyImages.NORMALIZATION, images).probabilities();
    double[][] scores = new NaiveNetwork(network, weights).scores(images, EasyImages.NORMALIZATION, false);
    for (int n = 0; n < probabilities.length; n++) {
      assertEquals(NaiveNetwork.softmax(scores[n])[0], probabilities[n][0], 1e-4);
    }
  }

  /** One step on one batch of all images is {@code -rate * (gradient + decay * weight)}: compared with differences. */
  @Test
  void train_oneStep_followsTheGradientAndMovesTheAverages() throws Exception {
    Network network = zoo();
    Images images = images(16, 12);
    Split data = new Split(images, images, 4, EasyImages.NORMALIZATION.mean(),
        EasyImages.NORMALIZATION.standardDeviation());
    Weights before = random(network, 2);
    double rate = 0.5;
    double decay = 0.01;
    Weights after = engine().train(network, before, new TrainingPlan(1, 16, rate, 0.9, decay, Precision.FP32, false, device(), 1),
        data, NOBODY).weights();
    NaiveNetwork naive = new NaiveNetwork(network, before);
    naive.meanLoss(images, EasyImages.NORMALIZATION);
    naive.batchStatistics.forEach((id, batch) -> {
      for (int c = 0; c < batch.length; c++) {
        double expected = 0.9 * before.tensors().get(id).values()[c] + 0.1 * batch[c];
        assertEquals(expected, after.tensors().get(id).values()[c], 1e-4 * Math.abs(expected) + 1e-5, id);
      }
    });
    Random random = new Random(4);
    for (Variable variable : NaiveNetwork.trained(network)) {
      for (int probe = 0; probe < 2; probe++) {
        int at = random.nextInt((int) variable.size());
        float old = before.tensors().get(variable.id()).values()[at];
        float now = after.tensors().get(variable.id()).values()[at];
        double gradient = (old - now) / rate - (variable.decayed() ? decay * old : 0);
        double[] values = naive.values(variable.id());
        double step = 1e-5;
        values[at] = old + step;
        double above = naive.meanLoss(images, EasyImages.NORMALIZATION);
        values[at] = old - step;
        double below = naive.meanLoss(images, EasyImages.NORMALIZATION);
        values[at] = old;
        double expected = (above - below) / (2 * step);
        assertEquals(expected, gradient, 1e-3 * Math.abs(expected) + 2e-6, variable.id() + "[" + at + "]");
      }
    }
  }

  @Test
  void train_severalSteps_velocityGathers() throws Exception {
    // With a constant gradient g, momentum m and rate r, three steps move by r * g * (3 + 2m + m^2). A bias alone, at a
    // rate so small that the gradient hardly changes, has one.
    Network network = NetworkBuilder.initial(3, 8, 4);
    double[] moved = new double[2];
    for (int steps : new int[] {1, 3}) {
      Split data = new Split(images(20, 8), images(20, 8), 4, DATA.mean(), DATA.standardDeviation());
      TrainingPlan plan = new TrainingPlan(steps, 20, 1e-3, 0.9, 0, Precision.FP32, false, device(), 1);
      moved[steps / 2] = engine().train(network, Weights.none(), plan, data, NOBODY)
          .weights().tensors().get("scores/bias").values()[0];
    }
    assertEquals(3 + 2 * 0.9 + 0.81, moved[1] / moved[0], 0.05);
  }

  @Test
  void train_noSteps_keepsInheritedBitsAndValidatesThem() throws Exception {
    Network network = zoo();
    Weights weights = random(network, 5);
    Split data = EasyImages.split(50, 300, 12, 4, 2);
    TrainingResult result = engine().train(network, weights, plan(0, 1), data, NOBODY);
    assertEquals(weights, result.weights());
    ClassScores scores = engine().scores(network, weights, Normalization.of(data), data.validation());
    assertEquals(scores.accuracy(data.validation()),
        result.validationAccuracy());
  }

  @Test
  void train_easyImages_learnsInEveryPrecision() throws Exception {
    Split data = EasyImages.split(1000, 400, 12, 6, 1);
    Network network = NetworkBuilder.plain(3, 12, 6, 5, 8);
    for (Precision precision : engine().precisions()) {
      TrainingPlan plan = new TrainingPlan(200, 50, 0.1, 0.9, 1e-4, precision, false, device(), 1);
      TrainingResult result = engine().train(network, Weights.none(), plan, data, NOBODY);
      assertTrue(result.validationAccuracy() > 0.9, precision + ": " + result.validationAccuracy());
      assertTrue(result.curve().get(result.curve().size() - 1).loss() < result.curve().get(0).loss() / 2);
      assertTrue(result.curve().get(result.curve().size() - 1).accuracy() > 0.9);
    }
  }

  @Test
  void train_hugeLearningRate_failsAsDiverged() {
    for (Precision precision : engine().precisions()) {
      TrainingFailed failed = assertThrows(TrainingFailed.class, () -> train(plan(100, 1e30, precision, 1)));
      assertEquals(Reason.DIVERGED, failed.reason());
    }
  }

  @Test
  void train_shapesThatDoNotFit_failsWithOneSentence() {
    NetworkBuilder b = new NetworkBuilder(3, 8, 8);
    int last = b.pool(b.sum(b.convolution(0, 4, 3, 3, 1), b.convolution(0, 5, 3, 3, 1)));
    Network network = b.classes(last, 4);
    TrainingFailed failed = assertThrows(TrainingFailed.class,
        () -> engine().train(network, Weights.none(), plan(5, 1), DATA, NOBODY));
    assertEquals(Reason.ENGINE_ERROR, failed.reason());
    assertFalse(failed.getMessage().contains("\n"));
  }

  @Test
  void train_moreMemoryThanThereIs_failsAsOutOfMemory() {
    NetworkBuilder b = new NetworkBuilder(3, 8, 8);
    Network network = b.classes(b.pool(b.resize(0, 2_000_000, 2_000_000)), 4);
    TrainingFailed failed = assertThrows(TrainingFailed.class,
        () -> engine().train(network, Weights.none(), plan(5, 1), DATA, NOBODY));
    assertEquals(Reason.OUT_OF_MEMORY, failed.reason());
  }

  @Test
  void train_clockPassesLimit_failsAsTooSlow() {
    Clock leaping = new Clock() {
      private Instant now = Instant.EPOCH;

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        now = now.plusSeconds(1);
        return now;
      }
    };
    try (Engine engine = open(leaping, Duration.ofSeconds(10))) {
      TrainingFailed failed = assertThrows(TrainingFailed.class,
          () -> engine.train(NETWORK, Weights.none(), plan(100, 1), DATA, NOBODY));
      assertEquals(Reason.TOO_SLOW, failed.reason());
      assertTrue(failed.getMessage().contains("10 s"), failed.getMessage());
    }
  }

  @Test
  void train_interruptedMeanwhile_stopsWithinABatch() throws Exception {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    AtomicBoolean underWay = new AtomicBoolean();
    Thread thread = new Thread(() -> {
      try {
        engine().train(NETWORK, Weights.none(), plan(10_000_000, 1), DATA, (step, loss) -> underWay.set(true));
      } catch (Throwable e) {
        outcome.set(e);
      }
    });
    thread.start();
    while (!underWay.get()) {
      Thread.sleep(5);
    }
    thread.interrupt();
    thread.join(5000);
    assertEquals(InterruptedException.class, outcome.get() == null ? null : outcome.get().getClass());
  }

  @Test
  void train_manyTimes_memoryStaysFlat() throws Exception {
    Network network = NetworkBuilder.plain(3, 8, 4, 5, 16);
    long before = 0;
    for (int i = 0; i < 250; i++) {
      if (i == 50) {
        System.gc();
        before = physicalBytes();
      }
      engine().train(network, Weights.none(), plan(4, i), DATA, NOBODY);
    }
    System.gc();
    long grown = physicalBytes() - before;
    assertTrue(grown < mostGrowth(), grown + " bytes more after 200 trainings");
  }
}
