package dev.cambrian.app;

import dev.cambrian.actors.ClusterSettings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A node's own place in its cluster: name, address and folder, where the configuration leaves them open. */
final class Place {
  /** The folder beside the experiments that holds what nodes keep, by experiment and node. */
  private static final String NODES = ".nodes";

  private Place() {}

  /**
   * How this node takes part.
   *
   * @throws UserError where its address cannot be found
   */
  static ClusterSettings of(Configuration configuration) {
    Configuration.Cluster cluster = configuration.cluster();
    String hostname = cluster.hostname().equals("auto") ? hostname(cluster.seeds()) : cluster.hostname();
    int port = cluster.port() == 0 ? freePort(hostname) : cluster.port();
    String node = cluster.node().isEmpty() ? hostname + ":" + port : cluster.node();
    return new ClusterSettings(node, hostname, port, cluster.seeds(), cluster.roles(), cluster.stableAfter(),
        cluster.tls(), cluster.management(), Optional.of(nodes(configuration.home(), configuration.experiment())
            .resolve(node.replace(':', '-'))));
  }

  /** The folder that holds a folder for each node of an experiment that was ever started from this home. */
  static Path nodes(Path home, String experiment) {
    return nodes(home).resolve(experiment);
  }

  /** The same of all experiments. */
  static Path nodes(Path home) {
    return home.resolve(NODES);
  }

  /** The seed that is this machine, or else the address by which it reaches the first one. */
  private static String hostname(List<String> seeds) {
    if (seeds.isEmpty()) {
      return "127.0.0.1";
    }
    try {
      for (String seed : seeds) {
        String host = seed.substring(0, seed.lastIndexOf(':'));
        if (NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null) {
          return host;
        }
      }
      String first = seeds.get(0);
      try (DatagramSocket socket = new DatagramSocket()) {
        // Nothing is sent: connecting only chooses the interface.
        socket.connect(new InetSocketAddress(InetAddress.getByName(first.substring(0, first.lastIndexOf(':'))), 9));
        return socket.getLocalAddress().getHostAddress();
      }
    } catch (UnknownHostException | SocketException e) {
      throw UserError.failed("cambrian.cluster.hostname is auto, but the address by which this machine reaches "
          + seeds.get(0) + " cannot be found (" + e.getMessage() + "); say it, in the file or with --hostname.", e);
    }
  }

  private static int freePort(String hostname) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(hostname))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw UserError.failed("cambrian.cluster.hostname: " + hostname + " cannot be listened on (" + e.getMessage()
          + "); name this machine as the others reach it.", e);
    }
  }
}
