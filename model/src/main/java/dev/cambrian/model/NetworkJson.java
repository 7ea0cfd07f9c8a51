package dev.cambrian.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A {@link Network} as JSON, both ways: its nodes with operations and variables by name, and {@code "version": 1}. */
public final class NetworkJson {
  private NetworkJson() {}

  private static final int VERSION = 1;

  private record Written(int version, List<Network.Node> nodes) implements Json.Versioned {}

  /** The network as a JSON tree, to be part of a larger one. */
  public static ObjectNode tree(Network network) {
    return Json.tree(new Written(VERSION, network.nodes()));
  }

  /** The network as JSON text. */
  public static String write(Network network) {
    return Json.write(new Written(VERSION, network.nodes()));
  }

  /**
   * The network of a JSON text.
   *
   * @throws IllegalArgumentException with one sentence, where the text is no network
   */
  public static Network read(String text) {
    Written written = Json.read(text, Written.class, VERSION, "a network");
    return Json.build(() -> new Network(written.nodes), "a network");
  }
}
