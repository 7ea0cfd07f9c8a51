package dev.cambrian.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.util.Locale;
import java.util.function.Supplier;

/** Strict reading of JSON: nothing missing, nothing unknown, nothing coerced, and one sentence where something is. */
final class Json {
  private Json() {}

  private static final JsonMapper MAPPER = JsonMapper.builder()
      // The same digits on every JDK: Double.toString changed in 19.
      .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
      .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
      .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
      .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
      .withCoercionConfig(LogicalType.Integer, c -> c.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
      .withCoercionConfig(LogicalType.Float, c -> c.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
      .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
      .addMixIn(Operation.class, OperationByName.class)
      .addMixIn(Variable.Initializer.class, InitializerByName.class)
      .build();

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Operation.Input.class, name = "input"),
    @JsonSubTypes.Type(value = Operation.Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = Operation.BatchNorm.class, name = "batchNorm"),
    @JsonSubTypes.Type(value = Operation.Relu.class, name = "relu"),
    @JsonSubTypes.Type(value = Operation.Resize.class, name = "resize"),
    @JsonSubTypes.Type(value = Operation.FitChannels.class, name = "fitChannels"),
    @JsonSubTypes.Type(value = Operation.Add.class, name = "add"),
    @JsonSubTypes.Type(value = Operation.GlobalAveragePool.class, name = "globalAveragePool"),
    @JsonSubTypes.Type(value = Operation.Linear.class, name = "linear")
  })
  private interface OperationByName {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Variable.Constant.class, name = "constant"),
    @JsonSubTypes.Type(value = Variable.Normal.class, name = "normal")
  })
  private interface InitializerByName {}

  /** The outermost object of a JSON text of ours: what it holds, and the version of its schema. */
  interface Versioned {
    int version();
  }

  /** An object as a tree, to be part of a larger one. */
  static ObjectNode tree(Versioned object) {
    return MAPPER.valueToTree(object);
  }

  /** The text of an object. */
  static String write(Versioned object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new AssertionError("records of numbers and names can always be written", e);
    }
  }

  /**
   * The object of a text.
   *
   * @param version the one that the type describes
   * @param what for the sentence that refuses it, e.g. {@code "a genotype"}
   */
  static <T extends Versioned> T read(String text, Class<T> type, int version, String what) {
    try {
      T object = MAPPER.readValue(text, type);
      if (object != null && object.version() == version) {
        return object;
      }
      throw refusal(text, version, what, null);
    } catch (JsonMappingException e) {
      throw refusal(text, version, what, e);
    } catch (JsonProcessingException e) {
      throw malformed(what, e);
    }
  }

  /** What was read, put together; what its constructor refuses is a fault of the JSON. */
  static <T> T build(Supplier<T> constructor, String what) {
    try {
      return constructor.get();
    } catch (IllegalArgumentException e) {
      throw unsound(what, e.getMessage(), e);
    }
  }

  private static IllegalArgumentException unsound(String what, String reason, Exception cause) {
    return new IllegalArgumentException("the JSON is no sound description of " + what + ": " + reason, cause);
  }

  /** What is wrong with a text, the gravest first: no JSON, no object, another version, and only then its details. */
  private static IllegalArgumentException refusal(String text, int version, String what, JsonMappingException detail) {
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return malformed(what, e);
    }
    if (!json.isObject()) {
      String kind = json.isMissingNode() ? "empty" : json.getNodeType().name().toLowerCase(Locale.ROOT);
      return new IllegalArgumentException("the JSON of " + what + " must be an object, not " + kind, detail);
    }
    JsonNode found = json.path("version");
    if (!found.isInt() || found.intValue() != version) {
      return new IllegalArgumentException("the JSON of " + what + " must have \"version\": " + version
          + (found.isMissingNode() ? ", and has none" : ", not " + found), detail);
    }
    String reason = detail.getCause() instanceof IllegalArgumentException cause
        ? cause.getMessage()
        : place(detail) + complaint(detail);
    return unsound(what, reason, detail);
  }

  private static IllegalArgumentException malformed(String what, JsonProcessingException e) {
    JsonLocation place = e.getLocation();
    return new IllegalArgumentException("the JSON of " + what + " is malformed"
        + (place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr()), e);
  }

  private static String complaint(JsonMappingException e) {
    if (e instanceof UnrecognizedPropertyException) {
      return " is unknown";
    }
    if (e instanceof InvalidFormatException invalid) {
      return " cannot be " + invalid.getValue();
    }
    return " is missing or no value of its kind";
  }

  /** Where in the tree, e.g. {@code edges[0].target}. */
  private static String place(JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return place.isEmpty() ? "something" : place.toString();
  }
}
