package dev.cambrian.bench;

import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.actors.Equipment;
import dev.cambrian.actors.EvolutionNode;
import dev.cambrian.actors.NodeSettings;
import dev.cambrian.actors.Status;
import dev.cambrian.actors.Until;
import dev.cambrian.model.BitsSpace;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.training.BitsEngine;
import dev.cambrian.training.Engine;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.Images;
import dev.cambrian.training.Split;
import java.nio.file.Path;
import java.time.Clock;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * An experiment that runs in this process without an end: the whole engine with its sharded workers, individuals, journal
 * and weight store, only the training replaced by a surrogate on 100 bits.
 */
final class BitsExperiment implements AutoCloseable {
  static final int BITS = 100;

  private static final int CLASSES = 10;
  private static final int POPULATION = 100;
  private static final long ANSWER_SECONDS = 30;

  private final HomeLock lock;
  private final EvolutionNode node;

  private BitsExperiment(HomeLock lock, EvolutionNode node) {
    this.lock = lock;
    this.node = node;
  }

  /**
   * Starts a new one of 100 individuals, on one node.
   *
   * @param keep whose weights stay on the disk: "all", "lineage" or "alive"
   */
  static BitsExperiment start(Path directory, int workers, String keep) throws Exception {
    return start(directory, directory.resolve("weights"), workers, keep, POPULATION,
        new BitsEngine(BITS, Clock.systemUTC()), ClusterSettings.alone());
  }

  /** Starts a node of one; all its nodes share the folder of weights. */
  static BitsExperiment start(Path directory, Path weights, int workers, String keep, int population, Engine engine,
      ClusterSettings cluster) throws Exception {
    ExperimentHome home = new ExperimentHome(directory);
    Images none = new Images(1, 1, 1, new byte[CLASSES], new byte[CLASSES]);
    Split data = new Split(none, none, CLASSES, new float[1], new float[] {1});
    ExperimentSettings settings = new ExperimentSettings(1, "bits", "tournament", population,
        MutationSettings.paper(), true,
        new ExperimentSettings.Training("bits", 1, 1, 0, 0, "fp32", false, Long.MAX_VALUE, 1000, Double.MAX_VALUE),
        new ExperimentSettings.Data("none", "", "", 1), keep);
    Until never = new Until(
        OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    HomeLock lock = HomeLock.take(home);
    try {
      Equipment equipment = new Equipment(new BitsSpace(BITS, CLASSES), engine,
          new FolderWeightStore(weights), data, Clock.systemUTC());
      return new BitsExperiment(lock, EvolutionNode.start(
          new NodeSettings("bits", settings, directory, workers, never, cluster), equipment));
    } catch (Exception e) {
      lock.close();
      throw e;
    }
  }

  /** How many were conceived so far. */
  long individuals() throws Exception {
    return status().individuals();
  }

  /** How it is now. */
  Status status() throws Exception {
    return node.status().toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    node.close();
    lock.close();
  }
}
