package dev.cambrian.app;

import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.actors.NodeRole;
import dev.cambrian.training.Engines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the keys under {@code cambrian.cluster}. */
final class ClusterKeys {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
  private static final String HOST_AND_PORT = "(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+):(\\d{1,5})";
  private static final int LAST_PORT = 65_535;

  private ClusterKeys() {}

  static Configuration.Cluster read(CheckedValues values, Path install) {
    String node = values.words("cambrian.cluster.node");
    if (!node.isEmpty() && !node.matches(NAME)) {
      throw values.wrong("cambrian.cluster.node",
          "letters, digits, '-', '_' and '.', beginning with a letter or a digit, at most 63 of them");
    }
    String hostname = values.words("cambrian.cluster.hostname");
    if (hostname.isBlank()) {
      throw values.wrong("cambrian.cluster.hostname", "a name or an address of this machine, or auto");
    }
    return new Configuration.Cluster(
        node,
        hostname,
        (int) values.whole("cambrian.cluster.port", 0, LAST_PORT),
        seeds(values),
        roles(values),
        engine(values),
        Duration.ofSeconds(values.whole("cambrian.cluster.stable-after", 1, 3600)),
        tls(values, install),
        management(values));
  }

  private static Optional<String> engine(CheckedValues values) {
    if (values.words("cambrian.cluster.engine").isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(values.choice("cambrian.cluster.engine", Engines.NAMES.toArray(String[]::new)));
  }

  private static Optional<ClusterSettings.Management> management(CheckedValues values) {
    int port = (int) values.whole("cambrian.cluster.management-port", 0, LAST_PORT);
    boolean kubernetes = values.choice("cambrian.cluster.discovery", "seeds", "kubernetes").equals("kubernetes");
    if (kubernetes && port == 0) {
      throw values.wrong("cambrian.cluster.management-port",
          "a port from 1 on where cambrian.cluster.discovery is kubernetes, such as 8558");
    }
    return port == 0 ? Optional.empty() : Optional.of(new ClusterSettings.Management(port, kubernetes));
  }

  private static List<String> seeds(CheckedValues values) {
    List<String> seeds = values.list("cambrian.cluster.seeds");
    for (String seed : seeds) {
      if (!seed.matches(HOST_AND_PORT) || Integer.parseInt(seed.substring(seed.lastIndexOf(':') + 1)) > LAST_PORT) {
        throw values.wrong("cambrian.cluster.seeds", "HOST:PORT of each node to join");
      }
    }
    return seeds;
  }

  private static Set<NodeRole> roles(CheckedValues values) {
    List<String> words = values.list("cambrian.cluster.roles");
    List<String> known = Arrays.stream(NodeRole.values()).map(NodeRole::word).toList();
    if (words.isEmpty() || !known.containsAll(words)) {
      throw values.wrong("cambrian.cluster.roles", "one or more of " + String.join(", ", known));
    }
    return Arrays.stream(NodeRole.values()).filter(role -> words.contains(role.word()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(NodeRole.class)));
  }

  private static Optional<ClusterSettings.Tls> tls(CheckedValues values, Path install) {
    ClusterSettings.Tls files = new ClusterSettings.Tls(
        values.path("cambrian.cluster.tls.ca", install),
        values.path("cambrian.cluster.tls.certificate", install),
        values.path("cambrian.cluster.tls.key", install));
    return values.flag("cambrian.cluster.tls.enabled") ? Optional.of(files) : Optional.empty();
  }
}
