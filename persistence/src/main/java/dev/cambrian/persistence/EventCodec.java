package dev.cambrian.persistence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;

/** Events as versioned Jackson CBOR, both ways. */
public final class EventCodec {
  private EventCodec() {}

  private static final ObjectMapper CBOR = CBORMapper.builder().findAndAddModules().build();

  /** The event's bytes: its type, its schema version and its fields. */
  public static byte[] encode(Object event) {
    try {
      ObjectNode node = CBOR.createObjectNode();
      node.put("type", event.getClass().getSimpleName());
      node.put("v", 1);
      node.set("data", CBOR.valueToTree(event));
      return CBOR.writeValueAsBytes(node);
    } catch (IOException e) {
      throw new IllegalStateException("cannot encode " + event, e);
    }
  }

  /** The spine's event of these bytes. */
  public static PopulationEvent decodePopulation(byte[] bytes) {
    return (PopulationEvent) decode(bytes, PopulationEvent.class);
  }

  /** The biography's event of these bytes. */
  public static IndividualEvent decodeIndividual(byte[] bytes) {
    return (IndividualEvent) decode(bytes, IndividualEvent.class);
  }

  private static Object decode(byte[] bytes, Class<?> family) {
    try {
      JsonNode node = CBOR.readTree(bytes);
      for (Class<?> type : family.getPermittedSubclasses()) {
        if (type.getSimpleName().equals(node.get("type").asText())) {
          return CBOR.treeToValue(node.get("data"), type);
        }
      }
      throw new IllegalArgumentException("no event of type " + node.get("type"));
    } catch (IOException e) {
      throw new IllegalArgumentException("not an event", e);
    }
  }
}
