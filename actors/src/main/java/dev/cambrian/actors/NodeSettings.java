package dev.cambrian.actors;

import dev.cambrian.persistence.ExperimentSettings;
import java.nio.file.Path;

/**
 * What a node runs and where.
 *
 * @param experiment its name; letters, digits, dots, dashes and underscores
 * @param settings what decides its history; must be what it was started with
 * @param home the experiment's own directory: its journal, snapshots and head file are kept in it; of a node that does
 *     not host the population, whatever it keeps between two starts
 * @param workers device slots of this node, each with one training thread; 0 for a node that does not train
 */
public record NodeSettings(
    String experiment, ExperimentSettings settings, Path home, int workers, Until until, ClusterSettings cluster) {

  public NodeSettings {
    if (!experiment.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      throw new IllegalArgumentException("an experiment's name is 1 to 64 letters, digits, dots, dashes and"
          + " underscores, not '" + experiment + "'");
    }
    if (workers < 0) {
      throw new IllegalArgumentException("workers must be 0 or more, not " + workers);
    }
  }

  /** A node that is a cluster of its own. */
  public NodeSettings(String experiment, ExperimentSettings settings, Path home, int workers, Until until) {
    this(experiment, settings, home, workers, until, ClusterSettings.alone());
  }
}
