package dev.cambrian.actors;

import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.model.Shape;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.training.Engine;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.Images;
import dev.cambrian.training.Split;
import dev.cambrian.training.SurrogateEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** Small experiments for tests. */
final class Experiments {
  private Experiments() {}

  static ExperimentSettings settings(long seed, int population) {
    return settings(seed, population, "alive");
  }

  static ExperimentSettings settings(long seed, int population, String keep) {
    return new ExperimentSettings(seed, "graph", "tournament", population, MutationSettings.paper(), true,
        new ExperimentSettings.Training(
            "surrogate", 10, 5, 0.9, 1e-4, "fp32", false, 10_000_000, 4_096, 1e15),
        new ExperimentSettings.Data("shapes", "", "none", 1), keep);
  }

  /** An address for weights, a different one for every individual. */
  static String hash(long individual) {
    return String.format("%064x", individual);
  }

  static Split data() {
    byte[] labels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    Images images = new Images(3, 8, 8, new byte[10 * 3 * 8 * 8], labels);
    return new Split(images, images, 10, new float[] {0, 0, 0}, new float[] {1, 1, 1});
  }

  static GraphSpace space() {
    return new GraphSpace(new Shape(3, 8, 8), 10);
  }

  static Equipment equipment(Path home, Engine engine) throws IOException {
    return new Equipment(space(), engine, new FolderWeightStore(home.resolve("weights")),
        data(), Clock.systemUTC());
  }

  static Equipment equipment(Path home) throws IOException {
    return equipment(home, new SurrogateEngine(Clock.systemUTC()));
  }
}
