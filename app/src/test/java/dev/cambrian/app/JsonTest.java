package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void status_hasTheseFieldsInThisOrder() {
    assertEquals(
        List.of("experiment", "state", "event", "individuals", "alive", "dead", "training", "failed", "best", "flops",
            "elapsedSeconds", "nodes"),
        fields(Json.status(ProgressTextTest.progress())));
  }

  @Test
  void best_hasTheseFieldsInThisOrder() {
    assertEquals(
        List.of("experiment", "individual", "fitness", "testAccuracy", "parameters", "flops", "generation", "network",
            "weights"),
        fields(Json.best(best(OptionalDouble.of(0.9)))));
  }

  @Test
  void progress_isAStatusWithMore() {
    ObjectNode progress = Json.progress(ProgressTextTest.progress());
    Json.status(ProgressTextTest.progress()).<ObjectNode>without("nodes").fields()
        .forEachRemaining(field -> assertEquals(field.getValue(), progress.get(field.getKey()), field.getKey()));
    assertEquals(89.2, progress.get("secondsLeft").asDouble());
    assertEquals(1234, progress.get("slots").get(1).get("individual").asLong());
  }

  @Test
  void testAccuracyThatWasNotRead_isNull() {
    assertTrue(Json.best(best(OptionalDouble.empty())).get("testAccuracy").isNull());
  }

  @Test
  void line_isOneLine() {
    assertFalse(Json.line(Json.progress(ProgressTextTest.progress())).contains("\n"));
  }

  @Test
  void parse_refusesWhatIsNoObject() {
    for (String text : List.of("", "[1]", "{\"a\":", "null")) {
      assertThrows(IllegalArgumentException.class, () -> Json.parse(text), text);
    }
  }

  static BestModel best(OptionalDouble test) {
    return new BestModel("mine", 987, 0.9125, test, 4321, 1.5e9, 12, "/n.json", "/w.safetensors", "drawing");
  }

  private static List<String> fields(ObjectNode node) {
    List<String> fields = new ArrayList<>();
    node.fieldNames().forEachRemaining(fields::add);
    return fields;
  }
}
