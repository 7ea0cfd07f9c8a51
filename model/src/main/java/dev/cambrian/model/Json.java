package dev.cambrian.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
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

/** Strict reading of JSON: nothing missing, nothing unknown, nothing coerced, and one sentence where something is. */
final class Json {
  private Json() {}

  static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
      .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
      .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
      .withCoercionConfig(LogicalType.Integer, c -> c.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
      .withCoercionConfig(LogicalType.Float, c -> c.setCoercion(CoercionInputShape.String, CoercionAction.Fail))
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

  /** The JSON object that a text holds. */
  static ObjectNode object(String text, String what) {
    JsonNode json;
    try {
      json = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw malformed(what, e);
    }
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("the JSON of " + what + " must be an object, not " + kind(json));
  }

  private static IllegalArgumentException malformed(String what, JsonProcessingException e) {
    JsonLocation place = e.getLocation();
    return new IllegalArgumentException("the JSON of " + what + " is malformed"
        + (place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr()), e);
  }

  private static String kind(JsonNode json) {
    return json.isMissingNode() ? "empty" : json.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  /** Accepts the version that this code reads, and no other. */
  static void checkVersion(ObjectNode json, int version, String what) {
    JsonNode found = json.get("version");
    if (found == null || !found.isInt() || found.intValue() != version) {
      throw new IllegalArgumentException("the JSON of " + what + " must have \"version\": " + version
          + (found == null ? ", and has none" : ", not " + found));
    }
  }

  /** The value that a JSON tree describes. */
  static <T> T value(JsonNode json, Class<T> type, String what) {
    try {
      return MAPPER.treeToValue(json, type);
    } catch (JsonMappingException e) {
      String reason = e.getCause() instanceof IllegalArgumentException cause
          ? cause.getMessage()
          : place(e) + complaint(e);
      throw new IllegalArgumentException("the JSON is no sound description of " + what + ": " + reason, e);
    } catch (JsonProcessingException e) {
      throw malformed(what, e);
    }
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
