package dev.cambrian.model;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A {@link Dna} as JSON, both ways: its fields by name, and {@code "version": 1}. A later version reads this one, too.
 */
final class DnaJson {
  private DnaJson() {}

  private static final int VERSION = 1;

  static String write(Dna dna) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("version", VERSION);
    json.setAll((ObjectNode) Json.MAPPER.valueToTree(dna));
    return json.toString();
  }

  static Dna read(String text) {
    ObjectNode json = Json.object(text, "a genotype");
    Json.checkVersion(json, VERSION, "a genotype");
    json.remove("version");
    return Json.value(json, Dna.class, "a genotype");
  }
}
