package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Schemas of JSON values, in the words of JSON Schema 2020-12 that OpenAPI 3.1 uses. */
final class JsonSchema {
  private JsonSchema() {}

  static ObjectNode text(String description) {
    return typed("string", description);
  }

  /** A text that is one of a few words. */
  static ObjectNode choice(String description, List<String> words) {
    ObjectNode schema = text(description);
    words.forEach(schema.putArray("enum")::add);
    return schema;
  }

  static ObjectNode whole(String description, long atLeast) {
    return typed("integer", description).put("minimum", atLeast);
  }

  static ObjectNode number(String description) {
    return typed("number", description);
  }

  static ObjectNode truth(String description) {
    return typed("boolean", description);
  }

  /** The value {@code true} and no other. */
  static ObjectNode onlyTrue(String description) {
    return truth(description).put("const", true);
  }

  /** The same, or null. */
  static ObjectNode orNull(ObjectNode schema) {
    String type = schema.get("type").asText();
    schema.putArray("type").add(type).add("null");
    return schema;
  }

  /** A list of such values. */
  static ObjectNode list(String description, ObjectNode items) {
    ObjectNode schema = typed("array", description);
    schema.set("items", items);
    return schema;
  }

  static ObjectNode anyObject(String description) {
    return typed("object", description);
  }

  /** An object that has each of these fields and no other. */
  static ObjectNode object(Fields fields) {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    fields.schemas.forEach(properties::set);
    ArrayNode required = schema.putArray("required");
    fields.required.forEach((name, always) -> {
      if (always) {
        required.add(name);
      }
    });
    return schema.put("additionalProperties", false);
  }

  /** The fields of an object, in the order in which they are written. */
  static final class Fields {
    private final Map<String, ObjectNode> schemas = new LinkedHashMap<>();
    private final Map<String, Boolean> required = new LinkedHashMap<>();

    /** With a field that is always there. */
    Fields and(String name, ObjectNode schema) {
      schemas.put(name, schema);
      required.put(name, true);
      return this;
    }

    /** With a field that may be missing. */
    Fields maybe(String name, ObjectNode schema) {
      schemas.put(name, schema);
      required.put(name, false);
      return this;
    }
  }

  static Fields fields() {
    return new Fields();
  }

  private static ObjectNode typed(String type, String description) {
    return Json.object().put("type", type).put("description", description);
  }
}
