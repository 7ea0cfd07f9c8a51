package dev.cambrian.app;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.training.CachedWeightStore;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.PeerWeightStore;
import dev.cambrian.training.S3WeightStore;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.WeightCache;
import dev.cambrian.training.WeightStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the configuration says that weights are. Every experiment has a folder or a prefix of its own name there: what
 * one sweeps is no other's.
 */
record WeightStores(Configuration.Weights chosen) {
  private static final long MIB = 1 << 20;

  /**
   * That of an experiment, for a node of its cluster.
   *
   * @param home the experiment's, which may be on another machine; nothing is made there then
   * @param kept where this node keeps what is its own
   */
  WeightStore ofNode(String experiment, ExperimentHome home, ExperimentHome kept) throws IOException {
    if (chosen.store().equals("peers")) {
      return new PeerWeightStore(new FolderWeightStore(kept.weights()), cache(kept));
    }
    if (chosen.store().equals("folder") && chosen.folder().isEmpty() && !kept.equals(home)) {
      return FolderWeightStore.ofOthers(home.weights());
    }
    return of(kept, experiment);
  }

  /** That of an experiment, as far as it can be reached without its cluster: of what nodes hold, this one's part. */
  WeightStore of(ExperimentHome home) throws IOException {
    return of(home, home.directory().getFileName().toString());
  }

  /** As the other one, for a home that has not got its name yet. */
  WeightStore of(ExperimentHome home, String experiment) throws IOException {
    if (chosen.store().equals("s3")) {
      return new CachedWeightStore(bucket(experiment), cache(home));
    }
    return new FolderWeightStore(chosen.folder().isPresent() && chosen.store().equals("folder")
        ? existing(chosen.folder().get()).resolve(experiment) : home.weights());
  }

  /** A shared folder is somebody else's disk: it is never made where that disk is not mounted. */
  private static Path existing(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw UserError.failed("cambrian.weights.folder: there is no folder " + folder
          + "; mount its disk, or make it on all machines that share it.");
    }
    return folder;
  }

  private WeightCache cache(ExperimentHome home) throws IOException {
    return new WeightCache(
        chosen.cacheFolder().orElse(home.directory().resolve("weights-cache")), chosen.cacheMib() * MIB);
  }

  private S3WeightStore bucket(String experiment) {
    S3WeightStore.Place common = chosen.s3();
    String prefix = common.prefix().isEmpty() ? experiment : common.prefix() + "/" + experiment;
    return new S3WeightStore(
        new S3WeightStore.Place(common.bucket(), prefix, common.endpoint(), common.region(), common.pathStyle()),
        chosen.keys());
  }

  /**
   * Asks the store once whether it can be used.
   *
   * @return a note where it does not answer now, which it may later
   * @throws UserError where it answers that it cannot
   */
  Optional<String> check(String experiment) {
    if (!chosen.store().equals("s3")) {
      return Optional.empty();
    }
    try (S3WeightStore bucket = bucket(experiment)) {
      bucket.problem().ifPresent(problem -> {
        throw UserError.failed("the weight store " + bucket + " cannot be used: " + problem
            + "; see cambrian.weights.s3.");
      });
      return Optional.empty();
    } catch (StoreUnreachable e) {
      return Optional.of("the weight store does not answer, and workers wait until it does: " + e.getMessage());
    }
  }
}
