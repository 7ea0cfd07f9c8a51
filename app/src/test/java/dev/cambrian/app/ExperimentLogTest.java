package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ExperimentLogTest {
  private static final Logger LOG = LoggerFactory.getLogger(ExperimentLogTest.class);

  @TempDir Path folder;

  @AfterEach
  void noLongerInto() {
    ch.qos.logback.classic.Logger root =
        ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.OFF);
  }

  @Test
  void text_isALineForPeople() throws Exception {
    Path file = folder.resolve("log");
    ExperimentLog.into(file, new Configuration.Log(false, false));
    LOG.warn("worker {} waits", "a/cpu/0");
    List<String> lines = Files.readAllLines(file);
    assertEquals(1, lines.size());
    assertTrue(
        lines.get(0).matches("\\d{4}-\\d\\d-\\d\\dT.* WARN .*ExperimentLogTest - worker a/cpu/0 waits"),
        lines::toString);
  }

  @Test
  void json_isAnObjectALine_withWhatWasThrown() throws Exception {
    Path file = folder.resolve("log");
    ExperimentLog.into(file, new Configuration.Log(true, false));
    long before = System.currentTimeMillis();
    LOG.warn("worker {} waits\nfor the \"store\"", "a/cpu/0");
    LOG.error("broken", new IllegalStateException("why"));
    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    ObjectNode first = Json.parse(lines.get(0));
    assertEquals("worker a/cpu/0 waits\nfor the \"store\"", first.path("formattedMessage").asText());
    assertEquals("WARN", first.path("level").asText());
    assertEquals(ExperimentLogTest.class.getName(), first.path("loggerName").asText());
    assertTrue(first.path("timestamp").asLong() >= before);
    assertEquals("why", Json.parse(lines.get(1)).path("throwable").path("message").asText());
  }

  @Test
  void console_getsTheSameLines() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      ExperimentLog.into(folder.resolve("log"), new Configuration.Log(true, true));
      LOG.info("to both");
    } finally {
      System.setErr(before);
    }
    assertEquals(Files.readString(folder.resolve("log")), err.toString(StandardCharsets.UTF_8));
    assertFalse(err.toString(StandardCharsets.UTF_8).isEmpty());
  }
}
