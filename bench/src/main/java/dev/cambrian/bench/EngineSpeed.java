package dev.cambrian.bench;

import static org.bytedeco.pytorch.global.torch.from_blob;

import dev.cambrian.model.Network;
import dev.cambrian.training.Augmentation;
import dev.cambrian.training.BatchSource;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Images;
import dev.cambrian.training.Split;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.Weights;
import dev.cambrian.training.libtorch.LibtorchEngine;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Images a second of the engine over those of {@link BareLoop}, on one thread, the two taking turns so that whatever
 * else the machine does strikes both alike; and of the input pipeline alone. Figures are medians over rounds, of the
 * thread's own CPU time. Arguments: rounds and seconds a turn.
 */
public final class EngineSpeed {
  private static final int BATCH = 50;
  private static final int SIZE = Noise.SIZE;

  private final int rounds;
  private final double seconds;
  private final Engine engine = new LibtorchEngine(Clock.systemUTC(), Duration.ofHours(1));
  private final Split data = Noise.split();

  private EngineSpeed(int rounds, double seconds) {
    this.rounds = rounds;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
    double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 2;
    new EngineSpeed(rounds, seconds).run();
  }

  private void run() throws Exception {
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put("initial", BenchNetworks.initial());
    networks.put("plain-16-32-64", BenchNetworks.plain(16, 32, 64));
    networks.put("plain-5-7-11", BenchNetworks.plain(5, 7, 11));
    networks.put("residual-20", BenchNetworks.residual());
    double pipeline = pipeline();
    System.out.printf("input pipeline alone, augmented: %,.0f images/CPU-s%n%n", pipeline);
    System.out.printf("%-15s %-5s %12s %12s %12s %9s %9s %9s%n", "network", "", "engine", "bare, same", "bare, no",
        "engine/", "engine/", "pipeline/");
    System.out.printf("%-15s %-5s %12s %12s %12s %9s %9s %9s%n", "", "", "images/s", "pipeline", "pipeline", "same",
        "none", "engine");
    for (Map.Entry<String, Network> entry : networks.entrySet()) {
      for (Precision precision : Precision.values()) {
        compare(entry.getKey(), entry.getValue(), precision, pipeline);
      }
    }
  }

  private void compare(String name, Network network, Precision precision, double pipeline) throws Exception {
    long steps = Math.max(4, (long) (4 * seconds / engineSeconds(network, precision, 4)));
    List<double[]> times = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      times.add(new double[] {
          engineSeconds(network, precision, steps),
          bareSeconds(network, precision, steps, true),
          bareSeconds(network, precision, steps, false)});
    }
    double[] speed = new double[3];
    for (int i = 0; i < speed.length; i++) {
      int column = i;
      speed[i] = BATCH * steps / Median.of(times.stream().mapToDouble(row -> row[column]).toArray());
    }
    double same = Median.of(times.stream().mapToDouble(row -> row[1] / row[0]).toArray());
    double none = Median.of(times.stream().mapToDouble(row -> row[2] / row[0]).toArray());
    System.out.printf("%-15s %-5s %,12.0f %,12.0f %,12.0f %9.2f %9.2f %9.1f%n", name, precision, speed[0], speed[1],
        speed[2], same, none, pipeline / speed[0]);
  }

  /** A whole training: building, starting weights, steps with all that is watched, weights back on the heap. */
  private double engineSeconds(Network network, Precision precision, long steps) throws Exception {
    TrainingPlan plan = new TrainingPlan(steps, BATCH, 0.01, 0.9, 1e-4, precision, true, 1);
    long start = cpuTime();
    engine.train(network, Weights.none(), plan, data, (step, loss) -> {});
    return (cpuTime() - start) / 1e9;
  }

  private double bareSeconds(Network network, Precision precision, long steps, boolean withPipeline) {
    try (PointerScope scope = new PointerScope()) {
      BareLoop loop = new BareLoop(network, precision == Precision.BF16);
      BatchSource source = BatchSource.shuffled(data, BATCH, Augmentation.REAL17, 1);
      FloatPointer pixels = new FloatPointer((long) BATCH * SIZE * SIZE * 3);
      LongPointer classes = new LongPointer(BATCH);
      FloatBuffer pixelBuffer = pixels.asBuffer();
      LongBuffer classBuffer = classes.asBuffer();
      Tensor images =
          from_blob(pixels, new long[] {BATCH, 3, SIZE, SIZE}, new long[] {SIZE * SIZE * 3, 1, SIZE * 3, 3});
      Tensor labels = from_blob(classes, new long[] {BATCH}, new TensorOptions(ScalarType.Long));
      source.next(pixelBuffer, classBuffer);
      long start = cpuTime();
      for (long step = 0; step < steps; step++) {
        if (withPipeline) {
          source.next(pixelBuffer, classBuffer);
        }
        loop.step(images, labels);
      }
      return (cpuTime() - start) / 1e9;
    }
  }

  private double pipeline() {
    try (PointerScope scope = new PointerScope()) {
      FloatBuffer pixels = new FloatPointer((long) BATCH * SIZE * SIZE * 3).asBuffer();
      LongBuffer classes = new LongPointer(BATCH).asBuffer();
      BatchSource source = BatchSource.shuffled(data, BATCH, Augmentation.REAL17, 1);
      double[] speeds = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        long start = cpuTime();
        for (int step = 0; step < 1000; step++) {
          source.next(pixels, classes);
        }
        speeds[round] = 1000 * BATCH / ((cpuTime() - start) / 1e9);
      }
      return Median.of(speeds);
    }
  }

  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
