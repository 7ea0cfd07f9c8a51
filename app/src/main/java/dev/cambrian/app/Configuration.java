package dev.cambrian.app;

import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.actors.NodeRole;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.PostgresServer;
import dev.cambrian.training.S3WeightStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Everything that can be chosen, as application.conf, a profile and the command line together decide it. Checked: every
 * value is in its range.
 *
 * @param home the folder that holds all experiments, absolute
 * @param experiment the experiment's name, never empty
 */
public record Configuration(
    Path home,
    String experiment,
    Evolution evolution,
    Training training,
    Data data,
    Until until,
    Storage storage,
    Weights weights,
    Journal journal,
    Http http,
    Cluster cluster,
    Duration progressInterval,
    Log log) {

  /**
   * How evolution goes.
   *
   * @param population the set-point
   * @param workers how many individuals train at the same time; empty where the engine's devices decide
   * @param selection {@code "tournament"} or {@code "random"}
   */
  public record Evolution(
      int population, OptionalInt workers, String selection, MutationSettings mutation, boolean inheritance, long seed) {}

  /**
   * How every individual is trained, and beyond which size or time it fails.
   *
   * @param slotsPerDevice trainings at the same time on each GPU of a node
   */
  public record Training(
      String engine,
      long steps,
      int batch,
      double momentum,
      double weightDecay,
      String precision,
      boolean augmentation,
      int slotsPerDevice,
      long maxParameters,
      long maxMemoryMib,
      double maxFlops,
      Duration longest) {}

  /**
   * How it is logged.
   *
   * @param json whether each line is a JSON object
   * @param console whether the standard error output gets it, too
   */
  public record Log(boolean json, boolean console) {}

  /** What it is trained on; {@code directory} is absolute, or empty for a generated set. */
  public record Data(String kind, String directory) {}

  /** When the experiment ends: at the first of these that is reached; empty where one does not count. */
  public record Until(
      OptionalLong individuals, OptionalDouble minutes, OptionalDouble fitness, OptionalDouble flops) {}

  /**
   * What is stored.
   *
   * @param minFreeMib what the disk must keep free while it evolves
   * @param keep whose weights stay: {@code "all"}, {@code "lineage"} or {@code "alive"}
   */
  public record Storage(long minFreeMib, String keep) {}

  /**
   * Where weights are.
   *
   * @param store {@code "folder"}, {@code "s3"} or {@code "peers"}
   * @param folder the one that nodes share, absolute; empty for one in the experiment's home
   * @param s3 with the prefix that all experiments have in common
   * @param keys empty for where Amazon's own programs look for them
   * @param cacheFolder absolute; empty for one in the experiment's home
   */
  public record Weights(
      String store,
      Optional<Path> folder,
      S3WeightStore.Place s3,
      Optional<S3WeightStore.KeyFiles> keys,
      Optional<Path> cacheFolder,
      long cacheMib) {}

  /**
   * Where new experiments keep their events.
   *
   * @param kind {@code "leveldb"} or {@code "postgresql"}
   * @param postgresql how PostgreSQL would be reached
   */
  public record Journal(String kind, PostgresServer postgresql) {

    /** Whether it is PostgreSQL. */
    public boolean onPostgresql() {
      return kind.equals("postgresql");
    }
  }

  /**
   * Where the process that evolves answers over HTTP.
   *
   * @param host a name or an address of this machine
   * @param port 0 for any that is free
   * @param token what a request must bear; empty for a random one, where only this machine can reach the host
   */
  public record Http(String host, int port, String token) {}

  /**
   * How a node finds the others and what it does there.
   *
   * @param node its name; empty for {@code hostname:port}
   * @param hostname {@code "auto"}, or under which the others reach it
   * @param port 0 for any that is free
   * @param seeds {@code HOST:PORT} of nodes to join
   * @param engine what trains on this node; empty for the experiment's
   * @param tls empty where nothing is encrypted
   * @param management empty where nobody asks whether the node is well
   */
  public record Cluster(
      String node,
      String hostname,
      int port,
      List<String> seeds,
      Set<NodeRole> roles,
      Optional<String> engine,
      Duration stableAfter,
      Optional<ClusterSettings.Tls> tls,
      Optional<ClusterSettings.Management> management) {}
}
