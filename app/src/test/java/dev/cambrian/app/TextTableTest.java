package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TextTable table(boolean terminal) {
    TextTable table = new TextTable(new PrintStream(out, true, StandardCharsets.UTF_8), terminal);
    table.columns(List.of("id", "state", "fitness"));
    return table;
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void numbersStandRight_textLeft_andADashForNothing() {
    TextTable table = table(false);
    table.row(Arrays.asList(7L, "ALIVE", 0.25));
    table.row(Arrays.asList(1234L, "TRAINING", null));
    table.end();
    assertEquals(List.of(
        "  id  state     fitness",
        "----  --------  -------",
        "   7  ALIVE        0.25",
        "1234  TRAINING        -"), lines());
  }

  @Test
  void noRows_isAHeading() {
    table(false).end();
    assertEquals(List.of("id  state  fitness", "--  -----  -------"), lines());
  }

  @Test
  void valueOfManyLines_staysOnOne_andCommandsNoTerminal() {
    TextTable table = table(false);
    table.row(Arrays.asList(1, "a\n\tb\u001b[2J", true));
    table.end();
    assertEquals(3, lines().size());
    assertEquals(" 1  a b [2J  true", lines().get(2));
  }

  @Test
  void onATerminal_theTerminalCuts() {
    TextTable table = table(true);
    table.row(Arrays.asList(1, "x".repeat(500), 0.5));
    table.end();
    assertTrue(lines().stream().allMatch(line -> line.startsWith("\u001b[?7l") && line.endsWith("\u001b[?7h")));
    assertTrue(lines().get(2).contains("x".repeat(500)));
  }

  @Test
  void moreRowsThanAreLookedAt_areAllPrinted() {
    TextTable table = table(false);
    for (int i = 1; i <= 2500; i++) {
      table.row(Arrays.asList(i, i == 2000 ? "much longer than before" : "x", 0.5));
    }
    assertTrue(lines().size() > 2000, "long before the end");
    table.end();
    assertEquals(2502, lines().size());
    assertEquals("2500  x          0.5", lines().get(2501));
  }
}
