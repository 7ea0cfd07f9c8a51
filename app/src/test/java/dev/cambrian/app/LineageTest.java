package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.model.MutationKind;
import dev.cambrian.persistence.IndividualEvent;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class LineageTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private static final Map<Long, List<IndividualEvent>> BIOGRAPHIES = Map.of(
      3L, List.of(conceived(3, OptionalLong.empty(), 0, List.of(), 40), trained(0.1)),
      17L, List.of(
          conceived(17, OptionalLong.of(3), 1, List.of(MutationKind.INSERT_CONVOLUTION, MutationKind.IDENTITY), 1_185),
          trained(0.25)),
      20L, List.of(conceived(20, OptionalLong.of(17), 2, List.of(MutationKind.ADD_SKIP), 1_185), trained(0.24)),
      21L, List.of(conceived(21, OptionalLong.of(20), 3, List.of(MutationKind.RESET_WEIGHTS), 1_185),
          new IndividualEvent.Failed(AT, 1, "DIVERGED", "NaN", 0, "local/cpu/0")),
      30L, List.of(conceived(30, OptionalLong.of(29), 1, List.of(MutationKind.IDENTITY), 40)));

  private static IndividualEvent conceived(
      long id, OptionalLong parent, int generation, List<MutationKind> mutations, long parameters) {
    return new IndividualEvent.Conceived(AT, id, parent, generation, mutations, "{}", true, parameters);
  }

  private static IndividualEvent trained(double fitness) {
    return new IndividualEvent.Trained(AT, 1, fitness, "ab".repeat(32), 2e9, List.of(), 1000, "local/cpu/0");
  }

  private static Lineage of(long individual) {
    return Lineage.of("c10", individual, id -> BIOGRAPHIES.getOrDefault(id, List.of()));
  }

  @Test
  void text_hasALineAStep() {
    assertEquals("""
        Lineage of individual 20 of c10: 2 steps from individual 3
        generation              fitness    gain    parameters  made by
                 0         #3    10.0 %                    40  initial
                 1        #17    25.0 %   +15.0         1,185  insert-convolution, identity
                 2        #20    24.0 %    -1.0         1,185  add-skip""", of(20).text());
    assertTrue(of(3).text().startsWith("Lineage of individual 3 of c10: an initial individual\n"));
  }

  @Test
  void json_hasTheSteps_andNullWhereThereIsNothing() {
    ObjectNode json = Json.parse(Json.line(of(21).json()));
    assertEquals(21, json.get("individual").asLong());
    JsonNode steps = json.get("lineage");
    assertEquals(4, steps.size());
    assertTrue(steps.get(0).get("parent").isNull() && steps.get(0).get("gain").isNull());
    assertEquals(3, steps.get(1).get("parent").asLong());
    assertEquals("insert-convolution", steps.get(1).get("mutations").get(0).asText());
    assertEquals(0.25 - 0.1, steps.get(1).get("gain").asDouble());
    assertTrue(steps.get(3).get("fitness").isNull() && steps.get(3).get("gain").isNull());
  }

  @Test
  void dot_hasANodeForEachAndAnEdgeForEachStep() {
    String dot = of(21).dot();
    assertTrue(dot.startsWith("digraph lineage {\n") && dot.endsWith("}"), dot);
    assertEquals(List.of("3", "17", "20", "21"), found("(?m)^  (\\d+) \\[label=", dot));
    assertEquals(List.of("3 -> 17", "17 -> 20", "20 -> 21"), found("(?m)^  (\\d+ -> \\d+) \\[label=", dot));
    assertTrue(dot.contains("  3 -> 17 [label=\"insert-convolution, identity\\n+15.0\"];"), dot);
  }

  private static List<String> found(String pattern, String text) {
    List<String> found = new ArrayList<>();
    for (Matcher matcher = Pattern.compile(pattern).matcher(text); matcher.find();) {
      found.add(matcher.group(1));
    }
    return found;
  }

  @Test
  void svg_isADocumentWithAPointForEachFitness_insideItsFrame() throws Exception {
    Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
        new ByteArrayInputStream(LineageDrawing.of(of(21)).getBytes(StandardCharsets.UTF_8)));
    assertEquals("svg", svg.getDocumentElement().getTagName());
    double width = Double.parseDouble(svg.getDocumentElement().getAttribute("width"));
    double height = Double.parseDouble(svg.getDocumentElement().getAttribute("height"));
    NodeList points = svg.getElementsByTagName("circle");
    assertEquals(3, points.getLength());
    double lastY = 0;
    for (int i = 0; i < points.getLength(); i++) {
      double x = Double.parseDouble(points.item(i).getAttributes().getNamedItem("cx").getNodeValue());
      double y = Double.parseDouble(points.item(i).getAttributes().getNamedItem("cy").getNodeValue());
      assertTrue(x > 0 && x < width && y > lastY && y < height, x + ", " + y);
      lastY = y;
    }
    List<String> texts = new ArrayList<>();
    NodeList all = svg.getElementsByTagName("text");
    for (int i = 0; i < all.getLength(); i++) {
      texts.add(all.item(i).getTextContent());
    }
    assertTrue(texts.containsAll(List.of("Lineage of individual 21 of c10: 3 steps from individual 3", "#17",
        "insert-convolution, identity", "25.0 %", "+15.0", "1,185", "reset-weights")), texts.toString());
  }

  @Test
  void whoIsNotThere_isRefused_andALostAncestorIsNamed() {
    assertEquals("there is no individual 99 in c10, or it has not been made yet.",
        assertThrows(UserError.class, () -> of(99)).getMessage());
    assertEquals("the biography of individual 29, an ancestor, was lost.",
        assertThrows(UserError.class, () -> of(30)).getMessage());
  }
}
