package dev.cambrian.actors;

import akka.actor.Address;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a node takes part in a cluster.
 *
 * @param node its name, which no other node of the cluster has; its workers are named after it
 * @param hostname under which the others reach it
 * @param port 0 for any, where no other node is ever to join
 * @param seeds {@code HOST:PORT} of nodes to join; without any, or with itself in the first place, it begins a cluster
 * @param stableAfter how long the membership must not change before a part that is cut off is given up
 * @param tls without it nothing is encrypted and whoever reaches the port may join
 * @param management for whom asks whether the node is well; it is also what nodes find each other by on Kubernetes
 * @param folder where it keeps who else was there; empty where no other node is ever to join
 */
public record ClusterSettings(
    String node,
    String hostname,
    int port,
    List<String> seeds,
    Set<NodeRole> roles,
    Duration stableAfter,
    Optional<Tls> tls,
    Optional<Management> management,
    Optional<Path> folder) {

  /** The name of every node's actor system, and so a part of its address. */
  static final String SYSTEM = "cambrian";

  /** The prefix of the role by which a member tells its node's name. */
  static final String NAMED = "node:";

  private static final String ENGINE = "akka.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider";

  /**
   * Files in PEM for mutual TLS: the authority that signs all nodes' certificates, this node's own, and its key. A
   * renewed file is read again within minutes.
   */
  public record Tls(Path authority, Path certificate, Path key) {}

  /**
   * Akka Management on a port of its own: {@code /ready} and {@code /alive}.
   *
   * @param bootstrap whether nodes find each other through Kubernetes, in place of seeds
   */
  public record Management(int port, boolean bootstrap) {}

  public ClusterSettings {
    seeds = List.copyOf(seeds);
    roles = Set.copyOf(roles);
    if (!node.matches("[A-Za-z0-9\\[][A-Za-z0-9.:_\\[\\]-]{0,254}")) {
      throw new IllegalArgumentException(
          "a node's name is letters, digits, dots, colons, dashes and underscores, not '" + node + "'");
    }
  }

  /** The cluster of one: everything in this process, which no other joins. */
  public static ClusterSettings alone() {
    return new ClusterSettings(
        "local", "127.0.0.1", 0, List.of(), EnumSet.allOf(NodeRole.class), Duration.ofSeconds(5), Optional.empty(),
        Optional.empty(), Optional.empty());
  }

  /** Whether other nodes can join. */
  public boolean open() {
    return port != 0;
  }

  /** Whether it has this role. */
  public boolean has(NodeRole role) {
    return roles.contains(role);
  }

  /**
   * Whom it joins, in order; itself in the first place where it begins a cluster unless one of the others is in one.
   *
   * @param known {@code HOST:PORT} of nodes that were members when it was last there
   */
  List<Address> contacts(List<String> known) {
    String own = hostname + ":" + port;
    List<String> contacts = new ArrayList<>();
    if (seeds.isEmpty() || seeds.get(0).equals(own)) {
      contacts.add(own);
    }
    for (List<String> others : List.of(seeds, known)) {
      others.stream().filter(other -> !other.equals(own) && !contacts.contains(other)).forEach(contacts::add);
    }
    return contacts.stream().map(ClusterSettings::address).toList();
  }

  private static Address address(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return new Address(
        "akka", SYSTEM, hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
  }

  /** The keys of Akka's configuration that follow. */
  Config akkaConfig() {
    List<String> words = new ArrayList<>(roles.stream().map(NodeRole::word).sorted().toList());
    words.add(NAMED + node);
    Map<String, Object> keys = new HashMap<>(Map.of(
        "akka.remote.artery.canonical.hostname", hostname,
        "akka.remote.artery.canonical.port", port,
        "akka.cluster.roles", words,
        "akka.cluster.split-brain-resolver.stable-after", stableAfter.toMillis() + "ms"));
    tls.ifPresent(files -> {
      keys.put("akka.remote.artery.transport", "tls-tcp");
      keys.put("akka.remote.artery.ssl.ssl-engine-provider", ENGINE);
      String engine = "akka.remote.artery.ssl.rotating-keys-engine.";
      keys.put(engine + "ca-cert-file", files.authority().toString());
      keys.put(engine + "cert-file", files.certificate().toString());
      keys.put(engine + "key-file", files.key().toString());
    });
    management.ifPresent(here -> {
      keys.put("akka.management.http.hostname", hostname);
      keys.put("akka.management.http.port", here.port());
    });
    Config config = ConfigFactory.parseMap(keys);
    return open() ? config.withFallback(ConfigFactory.parseResources("cluster.conf")) : config;
  }
}
