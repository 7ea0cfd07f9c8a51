package dev.cambrian.bench;

import dev.cambrian.model.Network;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Engines;
import dev.cambrian.training.Images;
import dev.cambrian.training.Split;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.Weights;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images a second of both engines on the same networks, on one thread each, in turns, so that whatever else the machine
 * does strikes both alike; and what a network costs before its first step. Figures are medians over rounds, of the
 * process's CPU time: threads that an engine might start beside its own count. Arguments: rounds and seconds a turn.
 */
public final class TwoEngines {
  private static final int BATCH = 50;
  private static final List<String> NAMES = List.of("libtorch", "dl4j");

  private final int rounds;
  private final double seconds;
  private final Map<String, Engine> engines = new LinkedHashMap<>();
  private final Split data = Noise.split();

  private TwoEngines(int rounds, double seconds) {
    this.rounds = rounds;
    this.seconds = seconds;
    NAMES.forEach(name -> engines.put(name, Engines.open(name, Clock.systemUTC(), Duration.ofHours(1))));
  }

  public static void main(String[] arguments) throws Exception {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
    double seconds = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 2;
    new TwoEngines(rounds, seconds).run();
  }

  private void run() throws Exception {
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put("initial", BenchNetworks.initial());
    networks.put("plain-5-7-11", BenchNetworks.plain(5, 7, 11));
    networks.put("plain-16-32-64", BenchNetworks.plain(16, 32, 64));
    networks.put("residual-20", BenchNetworks.residual());
    System.out.printf("%-15s %14s %14s %8s %12s %12s%n", "network", "libtorch", "dl4j", "dl4j/", "dl4j, a step",
        "dl4j, before");
    System.out.printf("%-15s %14s %14s %8s %12s %12s%n", "", "images/CPU-s", "images/CPU-s", "libtorch", "CPU-ms",
        "the first");
    for (Map.Entry<String, Network> entry : networks.entrySet()) {
      compare(entry.getKey(), entry.getValue());
    }
  }

  private void compare(String name, Network network) throws Exception {
    double[][] perImage = new double[NAMES.size()][rounds];
    double[] ratios = new double[rounds];
    double[] before = new double[rounds];
    long[] steps = new long[NAMES.size()];
    for (int i = 0; i < steps.length; i++) {
      trained(i, network, 20);
      steps[i] = Math.max(4, (long) (20 * seconds / trained(i, network, 20)));
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < steps.length; i++) {
        perImage[i][round] = trained(i, network, steps[i]) / steps[i] / BATCH;
      }
      ratios[round] = perImage[0][round] / perImage[1][round];
      before[round] = firstStep(network, round);
    }
    double step = 1000 * BATCH * Median.of(perImage[1]);
    System.out.printf("%-15s %,14.0f %,14.0f %8.2f %12.2f %12.2f%n", name, 1 / Median.of(perImage[0]),
        1 / Median.of(perImage[1]), Median.of(ratios), step, 1000 * Median.of(before));
  }

  /**
   * What Deeplearning4j takes for a network that it has not seen, without any step: the graph, its memory, starting
   * weights, and the validation of one image.
   */
  private double firstStep(Network network, int round) throws Exception {
    try (Engine fresh = Engines.open("dl4j", Clock.systemUTC(), Duration.ofHours(1))) {
      long start = cpuTime();
      fresh.train(network, Weights.none(), plan(0, round), data, (step, loss) -> {});
      return (cpuTime() - start) / 1e9;
    }
  }

  private double trained(int engine, Network network, long steps) throws Exception {
    long start = cpuTime();
    engines.get(NAMES.get(engine)).train(network, Weights.none(), plan(steps, 1), data, (step, loss) -> {});
    return (cpuTime() - start) / 1e9;
  }

  private static TrainingPlan plan(long steps, long seed) {
    return new TrainingPlan(steps, BATCH, 0.01, 0.9, 1e-4, Precision.FP32, true, seed);
  }

  private static long cpuTime() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
