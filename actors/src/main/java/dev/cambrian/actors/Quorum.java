package dev.cambrian.actors;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Predicate;

/**
 * Whether a node that was killed or cut off may begin its cluster anew: only with the larger part of those who were in
 * it, because the others may be a cluster still. Of two halves it is the one with the lowest address, as Akka's
 * split-brain resolver has it when a cluster falls apart.
 */
final class Quorum {
  private static final int CONNECT_MILLIS = 1000;
  private static final Comparator<String> BY_ADDRESS = Comparator
      .comparing((String address) -> address.substring(0, address.lastIndexOf(':')))
      .thenComparing(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));

  private Quorum() {}

  /**
   * Whether it may.
   *
   * @param own address, as {@code HOST:PORT}
   * @param others the addresses of all others that were members
   * @param answers whether one of them can be reached
   */
  static boolean reached(String own, Collection<String> others, Predicate<String> answers) {
    long here = 1 + others.stream().filter(answers).count();
    long all = 1 + others.size();
    boolean lowest = others.stream().allMatch(other -> BY_ADDRESS.compare(own, other) < 0);
    return 2 * here > all || 2 * here == all && lowest;
  }

  /** Whether somebody listens at an address; blocks for a moment. */
  static boolean answers(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(
          address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))), CONNECT_MILLIS);
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }
}
