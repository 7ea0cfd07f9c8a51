package dev.cambrian.training;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights as bytes in the safetensors format: eight bytes with the header's length (little-endian), a JSON header with
 * each tensor's {@code dtype}, {@code shape} and {@code data_offsets}, then the values, little-endian.
 *
 * <p>The same weights always give the same bytes: ids in ascending order, no metadata, no blanks but the spaces that
 * end the header at a multiple of eight bytes. Reading takes whatever the format allows for single precision, and
 * nothing else.
 */
public final class SafeTensors {
  private static final int LENGTH_BYTES = 8;
  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  private SafeTensors() {}

  /** The bytes of some weights. */
  public static byte[] write(Weights weights) {
    ObjectNode header = JSON.createObjectNode();
    long end = 0;
    for (Map.Entry<String, Tensor> entry : weights.tensors().entrySet()) {
      ObjectNode tensor = header.putObject(entry.getKey()).put("dtype", "F32");
      entry.getValue().shape().forEach(tensor.putArray("shape")::add);
      tensor.putArray("data_offsets").add(end).add(end += 4L * entry.getValue().values().length);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int headerLength = (json.length + 7) / 8 * 8;
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + headerLength + end)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(json);
    while (bytes.position() < LENGTH_BYTES + headerLength) {
      bytes.put((byte) ' ');
    }
    for (Tensor tensor : weights.tensors().values()) {
      bytes.asFloatBuffer().put(tensor.values());
      bytes.position(bytes.position() + 4 * tensor.values().length);
    }
    return bytes.array();
  }

  /**
   * The weights in some bytes.
   *
   * @throws IllegalArgumentException with one sentence, where the bytes are not a whole and sound safetensors file of
   *     single-precision tensors
   */
  public static Weights read(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    require(bytes.length >= LENGTH_BYTES, "it has only " + bytes.length + " bytes");
    long headerLength = buffer.getLong();
    int behindLength = bytes.length - LENGTH_BYTES;
    require(headerLength > 0 && headerLength <= behindLength,
        "its header should have " + headerLength + " bytes, and " + behindLength + " follow");
    Map<String, Place> places = places(header(buffer.slice().limit((int) headerLength)));
    int valuesStart = LENGTH_BYTES + (int) headerLength;
    requireGapless(places, bytes.length - valuesStart);
    Map<String, Tensor> tensors = new HashMap<>();
    places.forEach((id, place) -> {
      float[] values = new float[(int) (place.size() / 4)];
      buffer.position(valuesStart + (int) place.start());
      buffer.asFloatBuffer().get(values);
      tensors.put(id, new Tensor(place.shape(), values));
    });
    return new Weights(tensors);
  }

  /** Where a tensor's bytes lie among the values. */
  private record Place(List<Integer> shape, long start, long end) {
    long size() {
      return end - start;
    }
  }

  private static JsonNode header(ByteBuffer utf8) {
    try {
      JsonNode header = JSON.readTree(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
      require(header.isObject(), "its header is no JSON object");
      return header;
    } catch (CharacterCodingException e) {
      throw corrupt("its header is not UTF-8");
    } catch (JsonProcessingException e) {
      throw corrupt("its header is no JSON: " + e.getOriginalMessage());
    }
  }

  private static Map<String, Place> places(JsonNode header) {
    Map<String, Place> places = new HashMap<>();
    header.fields().forEachRemaining(field -> {
      if (!field.getKey().equals("__metadata__")) {
        places.put(field.getKey(), place("tensor '" + field.getKey() + "'", field.getValue()));
      }
    });
    return places;
  }

  private static Place place(String tensor, JsonNode entry) {
    String type = entry.path("dtype").asText("missing");
    require(type.equals("F32"), tensor + " has the type " + type + ", not F32");
    require(entry.path("shape").isArray(), tensor + " has no shape");
    List<Integer> shape = new ArrayList<>();
    double size = 4;
    for (JsonNode length : entry.get("shape")) {
      require(length.isInt() && length.intValue() >= 0, tensor + " has the shape " + entry.get("shape"));
      shape.add(length.intValue());
      size *= length.intValue();
    }
    JsonNode offsets = entry.path("data_offsets");
    boolean whole = offsets.size() == 2 && offsets.get(0).canConvertToExactIntegral()
        && offsets.get(1).canConvertToExactIntegral() && offsets.get(0).canConvertToLong()
        && offsets.get(1).canConvertToLong();
    require(whole && offsets.get(0).longValue() >= 0, tensor + " has the offsets " + offsets);
    Place place = new Place(shape, offsets.get(0).longValue(), offsets.get(1).longValue());
    require(place.size() == size, tensor + " of shape " + shape + " has " + place.size() + " bytes");
    return place;
  }

  private static void requireGapless(Map<String, Place> places, long length) {
    List<Map.Entry<String, Place>> ordered = new ArrayList<>(places.entrySet());
    ordered.sort(Map.Entry.comparingByValue(Comparator.comparing(Place::start).thenComparing(Place::end)));
    long end = 0;
    for (Map.Entry<String, Place> entry : ordered) {
      long start = entry.getValue().start();
      require(start == end, "tensor '" + entry.getKey() + "' starts at byte " + start + " of the values, not " + end);
      end = entry.getValue().end();
    }
    require(end == length, "its tensors need " + end + " bytes of values, and " + length + " are there");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw corrupt(otherwise);
    }
  }

  private static IllegalArgumentException corrupt(String why) {
    return new IllegalArgumentException("this is no sound safetensors file: " + why);
  }
}
