package dev.cambrian.persistence.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What queries may do, what they get, and what they are told where they are wrong. */
class HistoryDatabaseTest {
  @TempDir static Path folder;
  private static Path secret;
  private static Path csv;
  private static HistoryDatabase history;

  @BeforeAll
  static void load() throws IOException {
    secret = Files.writeString(folder.resolve("secret.csv"), "a\n1\n");
    csv = folder.resolve("it's an answer.csv");
    history = HistoryDatabase.open(Optional.of(csv));
    history.load(Tale.of(3, 99));
  }

  @AfterAll
  static void close() throws IOException {
    history.close();
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(csv, secret), left.sorted().toList());
    }
  }

  private static void assertRefused(String sql, String sentence) {
    String message = assertThrows(QueryRefused.class, () -> history.understand(sql), sql).getMessage();
    assertTrue(message.startsWith(sentence), message);
    assertFalse(message.contains("\n"), message);
    assertTrue(message.matches(".*[.!?]"), message);
  }

  @Test
  void bracketsNestedTooDeep_areRefusedAtOnce() throws Exception {
    String sql = "SELECT " + "(".repeat(100) + "1" + ")".repeat(100);
    history.understand(sql);
    assertRefused("SELECT " + "(".repeat(3000), "the query nests more than 100 brackets");
  }

  @Test
  void onlyOneSelect_isTaken() throws Exception {
    for (String sql : List.of("SELECT 1", " select 1 ; -- done", "WITH one AS (SELECT 1) FROM one", "VALUES (1), (2)",
        "FROM events", "(SELECT 1)", "SHOW TABLES", "DESCRIBE events", "SUMMARIZE curves", "SELECT ';'")) {
      history.understand(sql);
    }
    for (String sql : List.of("INSERT INTO curves VALUES (1, 1, 1, 1, 1)", "DELETE FROM events", "DROP TABLE events",
        "CREATE TABLE mine AS SELECT 1", "UPDATE events SET event = 1", "ATTACH 'other.db'", "INSTALL httpfs",
        "LOAD httpfs", "SET threads = 1", "PRAGMA database_list", "CALL pragma_version()", "CHECKPOINT",
        "EXPORT DATABASE 'there'", "COPY events TO 'there.csv'", "BEGIN", "ROLLBACK", "EXPLAIN ANALYZE SELECT 1",
        "USE loaded")) {
      assertRefused(sql, "a query only reads: it must begin with SELECT");
    }
    assertRefused("SELECT 1; DROP TABLE events", "");
    assertRefused("SELECT 1; SELECT 2", "the query holds 2 statements; ask them one at a time.");
    assertRefused("", "the query is empty;");
    assertRefused("-- nothing", "the query is empty;");
    assertRefused("SELECT ?", "the query has parameters");
    Answer.of(history, "SELECT count(*) > 0 FROM events").assertRows(List.of(List.of(true)));
  }

  @Test
  void insertThatHidesInASelect_changesNothing() throws Exception {
    String hidden = "WITH more AS (INSERT INTO curves VALUES (0, 0, 0, 0, 0) RETURNING *) FROM more";
    Question question = history.understand(hidden);
    assertThrows(QueryFailed.class, () -> history.answer(question, new Answer()));
    assertThrows(QueryFailed.class, () -> history.export(question));
    Answer.of(history, "SELECT count(*) FROM curves WHERE individual = 0").assertRows(List.of(List.of(0)));
  }

  @Test
  void files_areOutOfReach() throws Exception {
    for (String source : List.of("read_csv('" + secret + "')", "read_text('" + secret + "')", "'" + secret + "'",
        "glob('" + folder + "/*')", "read_blob('/etc/passwd')", "sniff_csv('" + secret + "')",
        "enable_logging(storage_path = '" + folder.resolve("log") + "')")) {
      IOException refused =
          assertThrows(IOException.class, () -> Answer.of(history, "SELECT * FROM " + source), source);
      assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }
  }

  @Test
  void whatIsWrong_isToldInDuckDbsWords() {
    assertRefused("SELEC 1", "the query cannot be understood: syntax error at or near \"SELEC\".");
    assertRefused("SELECT 1 FROM", "the query cannot be understood: ");
    assertRefused("SELECT * FROM nobody",
        "the query cannot be understood: Catalog Error: Table with name nobody does not exist!");
    assertRefused("SELECT fitnes FROM individuals",
        "the query cannot be understood: Binder Error: Referenced column \"fitnes\" not found in FROM clause!");
    QueryFailed failed = assertThrows(QueryFailed.class,
        () -> Answer.of(history, "SELECT CAST(type AS INTEGER) FROM events"));
    assertTrue(failed.getMessage().startsWith("the query failed: Conversion Error: "), failed.getMessage());
    assertFalse(failed.getMessage().contains("\n"), failed.getMessage());
  }

  @Test
  void values_arePlain_whateverTheirTypes() throws Exception {
    Answer answer = Answer.of(history, "SELECT 1 AS a, 2 AS a, NULL AS n, 'x' AS s, 1.5 AS d, sum(event) > 0 AS b,"
        + " [1, 2] AS l, {'k': ['v']} AS st, MAP {'k': 1} AS m, 'z'::BLOB AS bytes, DATE '2020-01-02' AS day"
        + " FROM events");
    assertEquals(List.of("a", "a_1", "n", "s", "d", "b", "l", "st", "m", "bytes", "day"), answer.columns);
    answer.assertRows(List.of(Arrays.asList(1, 2, null, "x", 1.5, true, List.of(1, 2), Map.of("k", List.of("v")),
        Map.of("k", 1), "7a", "2020-01-02")));
  }

  @Test
  void times_areUtc_whereverItRuns() throws Exception {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
      Answer.of(history, "SELECT time, [time] FROM events WHERE event = 1").assertRows(
          List.of(List.of("2017-03-06T10:11:12.345678Z", List.of("2017-03-06T10:11:12.345678Z"))));
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void export_replacesTheFile_asCsv() throws Exception {
    Files.writeString(csv, "old");
    Question wrong = history.understand("SELECT CAST(type AS INTEGER) FROM events");
    assertThrows(QueryFailed.class, () -> history.export(wrong));
    assertEquals("old", Files.readString(csv));
    assertEquals(2, history.export(history.understand(
        "SELECT event, type FROM events WHERE event < 3 ORDER BY event DESC; -- the first")));
    assertEquals("event,type\n2,initial-assigned\n1,experiment-started\n", Files.readString(csv));
    assertEquals(1, history.export(history.understand("SELECT 1 AS one")), "a second time");
    assertEquals("one\n1\n", Files.readString(csv));
  }

  @Test
  void export_asParquet_holdsTheTypes(@TempDir Path own) throws Exception {
    Path file = own.resolve("lives.parquet");
    try (HistoryDatabase parquet = HistoryDatabase.open(Optional.of(file))) {
      parquet.load(Tale.of(3, 99));
      long rows = parquet.export(
          parquet.understand("SELECT id, fitness, mutations, trained_time FROM individuals"));
      assertTrue(rows > 10);
      byte[] bytes = Files.readAllBytes(file);
      assertEquals("PAR1", new String(bytes, 0, 4, StandardCharsets.US_ASCII));
      assertEquals("PAR1", new String(bytes, bytes.length - 4, 4, StandardCharsets.US_ASCII));
    }
    try (Stream<Path> left = Files.list(own)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void biographies_areReadOnlyWhereAskedFor() throws Exception {
    for (String table : DocumentedQueries.read().columns().keySet()) {
      assertEquals(!List.of("events", "tournaments", "controls").contains(table),
          history.understand("FROM " + table).asksBiographies(), table);
    }
    for (String sql : List.of("FROM Events", "SELECT 1", "SHOW TABLES", "WITH mine AS (FROM events) FROM mine",
        "SELECT event FROM tournaments JOIN controls USING (event)",
        "SELECT 'curves' FROM main.events")) {
      assertFalse(history.understand(sql).asksBiographies(), sql);
    }
    for (String sql : List.of("FROM Curves", "SELECT (SELECT max(step) FROM \"curves\") FROM events",
        "SELECT * FROM events WHERE EXISTS (FROM main.trainings)", "WITH events AS (FROM workers) FROM events",
        "FROM query('FROM curves')", "FROM query_table('curves')", "SUMMARIZE individuals", "TABLE workers",
        "FROM events UNION ALL BY NAME FROM curves", "FROM 'curves'")) {
      assertTrue(history.understand(sql).asksBiographies(), sql);
    }
    try (HistoryDatabase spine = HistoryDatabase.open(Optional.empty())) {
      Tale tale = Tale.of(3, 99);
      Question events = spine.understand("SELECT count(*) FROM events");
      spine.loadFor(events, new HistorySource() {
        @Override
        public void spine(BiConsumer<Long, PopulationEvent> sink) {
          tale.spine(sink);
        }

        @Override
        public void biographies(BiConsumer<Long, List<IndividualEvent>> sink) {
          throw new AssertionError("a biography is read");
        }
      });
      Answer.of(spine, "SELECT count(*) FROM events").assertRows(List.of(List.of(tale.spine.size())));
      assertThrows(IllegalStateException.class, () -> Answer.of(spine, "FROM individuals"));
    }
  }

  @Test
  void exportIntoAFolderThatIsMissing_isRefused() {
    assertThrows(IOException.class, () -> HistoryDatabase.open(Optional.of(folder.resolve("none/answer.csv"))));
  }

  @Test
  void queryBeforeAnythingIsLoaded_isUnderstoodAlready() throws Exception {
    try (HistoryDatabase empty = HistoryDatabase.open(Optional.empty())) {
      for (String query : DocumentedQueries.read().questions()) {
        empty.understand(query);
      }
      assertEquals(0, empty.lastEvent());
      Answer.of(empty, "SELECT count(*) FROM events").assertRows(List.of(List.of(0)));
    }
  }
}
