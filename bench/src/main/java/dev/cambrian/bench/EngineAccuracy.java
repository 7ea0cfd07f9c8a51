package dev.cambrian.bench;

import dev.cambrian.model.Network;
import dev.cambrian.training.Dataset;
import dev.cambrian.training.Datasets;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Engines;
import dev.cambrian.training.Split;
import dev.cambrian.training.Splits;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.Weights;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Validation accuracy after one epoch of CIFAR-10 by both engines: three networks, from fresh weights, the same seeds for
 * both, in turns; means with their standard errors, and the difference in standard errors. Arguments: the data's folder,
 * and how many seeds.
 */
public final class EngineAccuracy {
  private static final int BATCH = 50;
  private static final List<String> NAMES = List.of("libtorch", "dl4j");

  private EngineAccuracy() {}

  public static void main(String[] arguments) throws Exception {
    Dataset dataset = Datasets.load("cifar10", Path.of(arguments[0]), 1);
    int seeds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    Split split = Splits.of(dataset, 0.1, 1);
    Map<String, Network> networks = new LinkedHashMap<>();
    networks.put("initial", BenchNetworks.initial());
    networks.put("plain-5-7-11", BenchNetworks.plain(5, 7, 11));
    networks.put("plain-8-16-32", BenchNetworks.plain(8, 16, 32));
    System.out.printf("%-15s %18s %18s %s%n", "network", NAMES.get(0), NAMES.get(1), "difference in standard errors");
    for (Map.Entry<String, Network> entry : networks.entrySet()) {
      compare(entry.getKey(), entry.getValue(), split, seeds);
    }
  }

  private static void compare(String name, Network network, Split split, int seeds) throws Exception {
    double[][] accuracies = new double[NAMES.size()][seeds];
    for (int seed = 0; seed < seeds; seed++) {
      for (int i = 0; i < NAMES.size(); i++) {
        TrainingPlan plan = new TrainingPlan(
            split.training().count() / BATCH, BATCH, 0.05, 0.9, 1e-4, Precision.FP32, true, seed);
        try (Engine engine = Engines.open(NAMES.get(i), Clock.systemUTC(), Duration.ofHours(1))) {
          accuracies[i][seed] =
              engine.train(network, Weights.none(), plan, split, (step, loss) -> {}).validationAccuracy();
        }
      }
    }
    double[] mean = new double[NAMES.size()];
    double[] error = new double[NAMES.size()];
    for (int i = 0; i < mean.length; i++) {
      for (double accuracy : accuracies[i]) {
        mean[i] += accuracy / seeds;
      }
      for (double accuracy : accuracies[i]) {
        error[i] += (accuracy - mean[i]) * (accuracy - mean[i]) / (seeds - 1) / seeds;
      }
    }
    System.out.printf("%-15s %8.2f ± %4.2f %% %8.2f ± %4.2f %% %12.2f%n", name, 100 * mean[0],
        100 * Math.sqrt(error[0]), 100 * mean[1], 100 * Math.sqrt(error[1]),
        Math.abs(mean[0] - mean[1]) / Math.sqrt(error[0] + error[1]));
  }
}
