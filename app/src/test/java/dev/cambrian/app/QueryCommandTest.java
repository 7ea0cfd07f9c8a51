package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HomeLock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL over the journals of experiments that the whole program evolved. */
class QueryCommandTest {
  private static final String NAME = "asked";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int query(String... arguments) {
    out.reset();
    err.reset();
    String[] all = new String[arguments.length + 2];
    all[0] = "query";
    all[1] = NAME;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return Cambrian.run(
        new Session(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
            false, true, folder),
        all);
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private List<ObjectNode> rows(String sql) {
    assertEquals(0, query(sql, "--json"), this::said);
    return out.toString(StandardCharsets.UTF_8).lines().map(Json::parse).toList();
  }

  @Test
  void endedExperiment_isWhatItsPopulationIs() throws Exception {
    PopulationState population;
    try (CrashHarness harness = new CrashHarness(folder, NAME, 1000)) {
      population = harness.finish(80).state();
    }
    ObjectNode row = rows("SELECT count(*) AS n, count(*) FILTER (state = 'ALIVE') AS alive,"
        + " count(*) FILTER (state = 'DEAD') AS dead, count(*) FILTER (state = 'FAILED') AS failed,"
        + " sum(flops) AS flops, max(fitness) AS best, max(test_accuracy) AS test,"
        + " max(depth) > 0 AS deep, (SELECT max(seconds) FROM events) AS seconds FROM individuals").get(0);
    assertEquals(population.conceived(), row.get("n").asLong());
    assertEquals(population.alive(), row.get("alive").asLong());
    assertEquals(population.dead(), row.get("dead").asLong());
    assertEquals(population.failed(), row.get("failed").asLong());
    assertEquals(population.flops(), row.get("flops").asDouble(), 1e-9 * population.flops());
    assertEquals(population.best().orElseThrow().fitness(), row.get("best").asDouble());
    assertEquals(population.tests().get(population.best().orElseThrow().id()), row.get("test").asDouble());
    assertTrue(row.get("deep").asBoolean());
    assertEquals(population.runningMillis() / 1000.0, row.get("seconds").asDouble(), 1e-9);
    assertEquals("cambrian: note: asked up to event " + ProgressText.count(population.head().sequence()) + ", 1 row."
        + System.lineSeparator(), said());

    documentedQuestionsHaveAnswers();
    outputs();
    mistakes();
  }

  private void documentedQuestionsHaveAnswers() throws Exception {
    String document = Files.readString(Path.of("..", "docs", "queries.md"));
    List<String> questions = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL).matcher(document).results()
        .map(found -> found.group(1)).toList();
    assertEquals(10, questions.size());
    for (String question : questions) {
      // Nobody changed anything, and perhaps nobody failed.
      boolean mayBeEmpty = question.contains("controls") || question.contains("'FAILED'");
      assertTrue(!rows(question).isEmpty() || mayBeEmpty, question);
    }
  }

  private void outputs() throws Exception {
    String sql = "SELECT id, state, mutations FROM individuals WHERE id < 3 ORDER BY id";
    assertEquals(0, query(sql));
    List<String> table = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(4, table.size());
    assertTrue(table.get(0).startsWith("id  state"), table.get(0));
    assertTrue(table.get(2).startsWith(" 1  "), table.get(2));

    Path csv = folder.resolve("answer.csv");
    assertEquals(0, query(sql, "--out", csv.toString()), this::said);
    assertEquals("Wrote 2 rows to " + csv + "." + System.lineSeparator(), out.toString(StandardCharsets.UTF_8));
    assertTrue(Files.readString(csv).startsWith("id,state,mutations\n1,"), Files.readString(csv));
    Path parquet = folder.resolve("answer.parquet");
    assertEquals(0, query(sql, "--out", parquet.toString(), "--json"), this::said);
    assertEquals(2, Json.parse(out.toString(StandardCharsets.UTF_8)).get("rows").asLong());
    assertTrue(Files.size(parquet) > 100);
  }

  private void mistakes() throws Exception {
    assertEquals(UserError.USAGE, query("SELECT nothing FROM individuals"));
    assertTrue(said().startsWith("cambrian: the query cannot be understood: Binder Error: "), said());
    assertEquals(UserError.USAGE, query("DROP TABLE events"));
    assertEquals(UserError.USAGE, query("SELECT 1", "--out", folder.toString() + "/x.xlsx"));
    assertEquals(UserError.FAILED, query("SELECT 1", "--out", folder.resolve("none/x.csv").toString()));
    assertTrue(said().contains(folder.resolve("none").toString()), said());
    assertEquals(UserError.FAILED, query("SELECT CAST(type AS INTEGER) FROM events"));
    assertTrue(said().startsWith("cambrian: the query failed: Conversion Error: "), said());
    assertEquals(1, said().lines().count(), said());
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void runningExperiment_isReadAndNotDisturbed() throws Exception {
    try (CrashHarness harness = new CrashHarness(folder, NAME, 1000)) {
      CrashHarness.Run evolving = harness.evolve(CrashHarness.FOREVER);
      evolving.firstLine();
      long before = 0;
      for (int i = 0; i < 3; i++) {
        ObjectNode row = rows("SELECT max(event) AS event, (SELECT count(*) FROM individuals WHERE generation IS NULL"
            + " AND state <> 'TRAINING') AS unknown FROM events").get(0);
        assertTrue(row.get("event").asLong() >= before, row.toString());
        assertEquals(0, row.get("unknown").asLong(), "every result is in a biography");
        before = row.get("event").asLong();
      }
      assertTrue(before > 10, "it evolves");
      assertTrue(evolving.process().isAlive());
      evolving.kill();
      assertTrue(harness.audit(evolving).state().head().sequence() >= before);
      assertNotEquals(0, evolving.exitCode());
    }
  }

  @Test
  void experimentThatHasNotBegun_saysSo() throws Exception {
    Files.writeString(folder.resolve("application.conf"), "cambrian.home = home\n");
    HomeLock.take(new ExperimentHome(Files.createDirectories(folder.resolve("home")).resolve(NAME))).close();
    assertEquals(UserError.FAILED, query("SELECT 1"));
    assertEquals("cambrian: asked has not begun yet; 'cambrian evolve asked' starts it." + System.lineSeparator(),
        said());
  }
}
