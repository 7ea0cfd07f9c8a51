package dev.cambrian.persistence;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One family of events in CBOR: each is a map of its type's name, the version of its fields, and its fields. Maps are
 * written in the order of their keys, so that equal events are equal bytes; times as ISO-8601 to the nanosecond.
 */
final class EventSchema<E> {

  /** Strict where leniency would lose something: an unknown, missing or null field is an error, not a default. */
  static final ObjectMapper CBOR = CBORMapper.builder()
      .addModules(new Jdk8Module(), new JavaTimeModule(), new ParameterNamesModule())
      .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
      .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
      .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private record Envelope(String type, int v, Object fields) {}

  private final Map<String, EventType<E>> byName = new HashMap<>();
  private final Map<Class<?>, EventType<E>> byClass = new HashMap<>();
  private final Map<String, ObjectReader> readers = new HashMap<>();

  EventSchema(List<EventType<E>> types) {
    for (EventType<E> type : types) {
      if (byName.put(type.name(), type) != null || byClass.put(type.type(), type) != null) {
        throw new IllegalArgumentException("the event type " + type.name() + " is there twice");
      }
      readers.put(type.name(), CBOR.readerFor(type.type()).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
    }
  }

  EventType<E> typeOf(Object event) {
    EventType<E> type = byClass.get(event.getClass());
    if (type == null) {
      throw new IllegalArgumentException("no event type is named for " + event.getClass().getName());
    }
    return type;
  }

  byte[] encode(Object event) {
    EventType<E> type = typeOf(event);
    try {
      return CBOR.writeValueAsBytes(new Envelope(type.name(), type.version(), event));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the event " + event + " cannot be written: " + e.getOriginalMessage(), e);
    }
  }

  /** The fields of an event as a tree. */
  ObjectNode fields(Object event) {
    return CBOR.valueToTree(event);
  }

  E decode(byte[] bytes) {
    return decodedAsWrittenToday(bytes).orElseGet(() -> decodedFromTree(bytes));
  }

  /** The short way, for the order of fields and the version in which events are written now. */
  private Optional<E> decodedAsWrittenToday(byte[] bytes) {
    try (JsonParser parser = CBOR.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT || !"type".equals(parser.nextFieldName())) {
        return Optional.empty();
      }
      EventType<E> type = byName.get(String.valueOf(parser.nextTextValue()));
      if (type == null
          || !"v".equals(parser.nextFieldName()) || parser.nextIntValue(0) != type.version()
          || !"fields".equals(parser.nextFieldName()) || parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      E event = readers.get(type.name()).readValue(parser);
      boolean ends = parser.nextToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
      return ends ? Optional.of(event) : Optional.empty();
    } catch (IOException toBeToldByTheLongWay) {
      return Optional.empty();
    }
  }

  private E decodedFromTree(byte[] bytes) {
    JsonNode envelope;
    try {
      envelope = CBOR.readTree(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException("these " + bytes.length + " bytes are no event: " + e.getMessage(), e);
    }
    if (!envelope.path("type").isTextual()
        || !envelope.path("v").canConvertToInt()
        || !(envelope.path("fields") instanceof ObjectNode fields)) {
      throw new IllegalArgumentException("these " + bytes.length + " bytes are no event: type, v or fields is missing");
    }
    String name = envelope.path("type").asText();
    int version = envelope.path("v").asInt();
    EventType<E> type = byName.get(name);
    if (type == null) {
      throw new IllegalArgumentException("the event type '" + name + "' is not known to this version of Cambrian;"
          + " use the version that wrote it, or a later one");
    }
    if (version < 1 || version > type.version()) {
      throw new IllegalArgumentException("the event '" + name + "' is of version " + version
          + ", and this version of Cambrian knows 1 to " + type.version() + "; use the version that wrote it,"
          + " or a later one");
    }
    try {
      return CBOR.treeToValue(type.upcast(fields, version), type.type());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the event '" + name + "' of version " + version + " cannot be read: "
          + e.getOriginalMessage(), e);
    }
  }
}
