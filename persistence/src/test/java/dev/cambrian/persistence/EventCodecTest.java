package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {

  static Stream<Arguments> examples() {
    return Examples.byName().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void goldenBytes_areReadAndWrittenByTodaysCode(String name, Object event) throws IOException {
    byte[] golden = golden(GoldenFiles.fileOf(name, event));
    assertEquals(event, Examples.decode(event, golden));
    assertArrayEquals(golden, Examples.encode(event));
  }

  @Test
  void firstEventOfVersionOne_isReadWithWhatItMeantThen() throws IOException {
    PopulationEvent.ExperimentStarted today =
        (PopulationEvent.ExperimentStarted) Examples.byName().get("experiment-started");
    assertEquals(new PopulationEvent.ExperimentStarted(today.at(), today.experiment(), Examples.FIRST_SETTINGS),
        EventCodec.decodePopulation(golden("experiment-started.v1.cbor")));
  }

  @Test
  void everyPermittedEvent_hasANameAndAnExample() {
    Set<Class<?>> exemplified = new HashSet<>();
    Examples.byName().values().forEach(event -> exemplified.add(event.getClass()));
    Set<Class<?>> permitted = new HashSet<>(Arrays.asList(PopulationEvent.class.getPermittedSubclasses()));
    for (Class<?> inner : IndividualEvent.class.getPermittedSubclasses()) {
      permitted.add(inner);
    }
    assertEquals(permitted, exemplified);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("examples")
  void truncatedBytes_neverReadAsAnEvent(String name, Object event) {
    byte[] whole = Examples.encode(event);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(IllegalArgumentException.class, () -> Examples.decode(event, part), name + " cut at " + length);
    }
  }

  @Test
  void eventOfTheOtherFamily_isUnknown() {
    byte[] killed = EventCodec.encode(Examples.byName().get("killed"));
    assertMessage("event type 'killed'", () -> EventCodec.decodePopulation(killed));
  }

  @Test
  void unknownType_isNamed() throws IOException {
    byte[] bytes = EventSchema.CBOR.writeValueAsBytes(Map.of("type", "merged", "v", 1, "fields", Map.of()));
    assertMessage("'merged' is not known to this version of Cambrian", () -> EventCodec.decodePopulation(bytes));
  }

  @Test
  void newerVersion_isNamedWithTheKnownOnes() throws IOException {
    byte[] bytes = EventSchema.CBOR.writeValueAsBytes(Map.of("type", "killed", "v", 2, "fields", Map.of()));
    assertMessage("'killed' is of version 2, and this version of Cambrian knows 1 to 1",
        () -> EventCodec.decodeIndividual(bytes));
  }

  @Test
  void missingUnknownOrNullField_isNamed() throws IOException {
    assertMessage("'event'", () -> EventCodec.decodeIndividual(killed("\"at\":\"2017-03-06T10:11:12Z\"")));
    assertMessage("\"extra\"", () -> EventCodec.decodeIndividual(
        killed("\"at\":\"2017-03-06T10:11:12Z\",\"event\":3,\"extra\":1")));
    assertMessage("null", () -> EventCodec.decodeIndividual(killed("\"at\":\"2017-03-06T10:11:12Z\",\"event\":null")));
  }

  @Test
  void earlierVersions_areUpcastStepByStep() throws IOException {
    EventType<Renamed> type = new EventType<>("renamed", Renamed.class, List.of(
        fields -> {
          ObjectNode next = fields.deepCopy();
          next.set("name", next.remove("title"));
          return next;
        },
        fields -> fields.deepCopy().put("length", fields.get("name").asText().length())));
    EventSchema<Renamed> schema = new EventSchema<>(List.of(type));
    for (Map<String, Object> written : List.<Map<String, Object>>of(
        Map.of("type", "renamed", "v", 1, "fields", Map.of("title", "four")),
        Map.of("type", "renamed", "v", 2, "fields", Map.of("name", "four")),
        Map.of("type", "renamed", "v", 3, "fields", Map.of("name", "four", "length", 4)))) {
      assertEquals(new Renamed("four", 4), schema.decode(EventSchema.CBOR.writeValueAsBytes(written)));
    }
    assertEquals(3, EventSchema.CBOR.readTree(schema.encode(new Renamed("four", 4))).get("v").asInt());
  }

  record Renamed(String name, int length) {}

  @Test
  void whatIsNoEvent_isNotWritten() {
    assertThrows(IllegalArgumentException.class, () -> EventCodec.encode("an event"));
  }

  private static byte[] killed(String fields) throws IOException {
    return EventSchema.CBOR.writeValueAsBytes(new ObjectMapper()
        .readTree("{\"type\":\"killed\",\"v\":1,\"fields\":{" + fields + "}}"));
  }

  private static void assertMessage(String part, Executable executable) {
    String message = assertThrows(IllegalArgumentException.class, executable).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static byte[] golden(String file) throws IOException {
    try (InputStream in = EventCodecTest.class.getResourceAsStream("/golden/" + file)) {
      assertNotNull(in, "no golden file " + file + ": run GoldenFiles and commit what it writes");
      return in.readAllBytes();
    }
  }
}
