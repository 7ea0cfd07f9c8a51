package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class SafeTensorsTest {

  @Provide
  Arbitrary<Weights> weights() {
    Arbitrary<Tensor> tensor = Arbitraries.integers().between(0, 4).list().ofMaxSize(4).flatMap(shape -> {
      int size = shape.stream().reduce(1, (a, b) -> a * b);
      return Arbitraries.floats().array(float[].class).ofSize(size).map(values -> new Tensor(shape, values));
    });
    Arbitrary<String> id = Arbitraries.strings().ofMinLength(1).ofMaxLength(12)
        .filter(s -> StandardCharsets.UTF_8.newEncoder().canEncode(s));
    return Arbitraries.maps(id, tensor).ofMaxSize(6).map(Weights::new);
  }

  @Property(tries = 300)
  void read_ofWrite_isTheSame(@ForAll("weights") Weights weights) {
    assertEquals(weights, SafeTensors.read(SafeTensors.write(weights)));
  }

  @Property(tries = 100)
  void write_anyOrderOfInsertion_sameBytes(@ForAll("weights") Weights weights) {
    Map<String, Tensor> reversed = new LinkedHashMap<>();
    List<String> ids = new java.util.ArrayList<>(weights.tensors().keySet());
    java.util.Collections.reverse(ids);
    ids.forEach(id -> reversed.put(id, weights.tensors().get(id)));
    assertArrayEquals(SafeTensors.write(weights), SafeTensors.write(new Weights(new HashMap<>(reversed))));
  }

  @Property(tries = 300)
  void read_truncated_isAClearError(@ForAll("weights") Weights weights, @ForAll @IntRange(max = 9999) int cut) {
    byte[] bytes = SafeTensors.write(weights);
    byte[] part = Arrays.copyOf(bytes, bytes.length * cut / 10_000);
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> SafeTensors.read(part));
    assertTrue(e.getMessage().startsWith("this is no sound safetensors file: "), e.getMessage());
  }

  @Property(tries = 100)
  void read_longer_isAClearError(@ForAll("weights") Weights weights, @ForAll @IntRange(min = 1, max = 9) int more) {
    byte[] bytes = SafeTensors.write(weights);
    assertThrows(IllegalArgumentException.class, () -> SafeTensors.read(Arrays.copyOf(bytes, bytes.length + more)));
  }

  /** A flipped value is a value (the hash of the store tells); anything else is an error or changes ids or shapes. */
  @Property(tries = 1000)
  void read_flippedByte_isAClearErrorOrWeightsOfTheSameSize(@ForAll("weights") Weights weights,
      @ForAll @IntRange(max = 9999) int place, @ForAll @IntRange(min = 1, max = 255) int mask) {
    byte[] bytes = SafeTensors.write(weights);
    bytes[(int) ((long) bytes.length * place / 10_000)] ^= (byte) mask;
    try {
      Weights read = SafeTensors.read(bytes);
      assertEquals(values(weights), values(read));
    } catch (IllegalArgumentException e) {
      assertTrue(e.getMessage().startsWith("this is no sound safetensors file: "), e.getMessage());
    }
  }

  private static int values(Weights weights) {
    return weights.tensors().values().stream().mapToInt(tensor -> tensor.values().length).sum();
  }

  @Example
  void write_isTheFormat() {
    Weights weights = new Weights(Map.of("a", new Tensor(List.of(1, 2), new float[] {1, -2})));
    String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}";
    header += " ".repeat((8 - header.length() % 8) % 8);
    ByteBuffer expected = ByteBuffer.allocate(8 + header.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8)).putFloat(1).putFloat(-2);
    assertArrayEquals(expected.array(), SafeTensors.write(weights));
  }

  private static byte[] file(String header, int values) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + values).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json)
        .array();
  }

  @Example
  void read_metadataAndAnyOrder_asOthersWrite() {
    Weights read = SafeTensors.read(file("{\"__metadata__\":{\"format\":\"pt\"},"
        + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]},"
        + "\"a\":{\"shape\":[2],\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 12));
    assertEquals(new Weights(Map.of(
        "a", new Tensor(List.of(2), new float[2]), "b", new Tensor(List.of(), new float[1]))), read);
  }

  @Example
  void read_unsound_saysWhatIsWrong() {
    Map<String, String> cases = Map.of(
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", "has the type F16",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "has 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "has the shape [-1]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "starts at byte 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", "has the offsets [0]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999,99999,99999],\"data_offsets\":[0,4]}}", "has 4 bytes",
        "[]", "is no JSON object",
        "{\"a\"", "is no JSON",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{}}", "is no JSON");
    cases.forEach((header, message) -> {
      String said =
          assertThrows(IllegalArgumentException.class, () -> SafeTensors.read(file(header, 4))).getMessage();
      assertTrue(said.contains(message), said);
    });
  }
}
