package dev.cambrian.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of two machines, this one and one that shares its files but not its network: a namespace of Linux, at the
 * other end of a cable that can be pulled out. Only root may make one.
 */
final class VirtualNetwork implements AutoCloseable {
  static final String NETWORK = "10.213.77.0/24";
  static final String HERE = "10.213.77.1";
  static final String THERE = "10.213.77.2";

  private static final String NAME = "cambrian-test";
  private static final String CABLE = "cambrian-here";
  private static final String OTHER_END = "cambrian-there";

  VirtualNetwork() throws IOException, InterruptedException {
    ip("netns", "add", NAME);
    ip("link", "add", CABLE, "type", "veth", "peer", "name", OTHER_END);
    ip("link", "set", OTHER_END, "netns", NAME);
    ip("addr", "add", HERE + "/24", "dev", CABLE);
    ip("link", "set", CABLE, "up");
    ip("-n", NAME, "addr", "add", THERE + "/24", "dev", OTHER_END);
    ip("-n", NAME, "link", "set", OTHER_END, "up");
    ip("-n", NAME, "link", "set", "lo", "up");
  }

  /** Whether this user of this machine may make one. */
  static boolean possible() {
    try {
      ip("netns", "add", NAME + "-try");
      ip("netns", "delete", NAME + "-try");
      return true;
    } catch (IOException notLinux) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  ClusterHarness.Machine here() {
    return new ClusterHarness.Machine(HERE, List.of());
  }

  ClusterHarness.Machine there() {
    return new ClusterHarness.Machine(THERE, List.of("ip", "netns", "exec", NAME));
  }

  /** Nothing passes from one to the other, and nobody is told. */
  void pull() throws IOException, InterruptedException {
    ip("-n", NAME, "link", "set", OTHER_END, "down");
  }

  void plugIn() throws IOException, InterruptedException {
    ip("-n", NAME, "link", "set", OTHER_END, "up");
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    ip("netns", "delete", NAME);
  }
}
