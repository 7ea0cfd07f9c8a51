package dev.cambrian.model;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A {@link Network} as JSON, both ways: its nodes with operations and variables by name, and {@code "version": 1}. */
public final class NetworkJson {
  private NetworkJson() {}

  private static final int VERSION = 1;

  /** The network as a JSON tree, to be part of a larger one. */
  public static ObjectNode tree(Network network) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("version", VERSION);
    json.setAll((ObjectNode) Json.MAPPER.valueToTree(network));
    return json;
  }

  /** The network as JSON text. */
  public static String write(Network network) {
    return tree(network).toString();
  }

  /**
   * The network of a JSON text.
   *
   * @throws IllegalArgumentException with one sentence, where the text is no network
   */
  public static Network read(String text) {
    ObjectNode json = Json.object(text, "a network");
    Json.checkVersion(json, VERSION, "a network");
    json.remove("version");
    return Json.value(json, Network.class, "a network");
  }
}
