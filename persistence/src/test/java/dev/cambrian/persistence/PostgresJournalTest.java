package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The journal's contract over a real PostgreSQL, and what that one does besides. */
class PostgresJournalTest extends JournalContract {
  @RegisterExtension static final EmbeddedServer DATABASE = new EmbeddedServer();

  @TempDir Path directory;

  @AfterEach
  void dropSchemas() throws Exception {
    for (String experiment : PostgresSchema.experiments(DATABASE.server())) {
      DATABASE.drop(experiment);
    }
  }

  private static void sql(String statement) throws SQLException {
    try (Connection connection = DATABASE.server().connect(); Statement execution = connection.createStatement()) {
      execution.execute(statement);
    }
  }

  @Override
  PostgresJournal journal(String experiment) throws IOException {
    return PostgresJournal.of(new ExperimentHome(directory.resolve(experiment)), DATABASE.server());
  }

  @Override
  Journal of(ExperimentHome home) throws IOException {
    return Journal.of(home);
  }

  private String refusal(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(UnusableHome.class, call).getMessage();
  }

  @Test
  void home_remembersWhereItsJournalIs_andNoPassword() throws IOException {
    PostgresJournal journal = journal("remembered");
    journal.hold(false).close();
    assertEquals(journal.akkaConfig(), Journal.of(journal.home()).akkaConfig());
    assertEquals("localhost", DATABASE.server().place().replaceFirst("postgresql://(.*):.*", "$1"));
    assertTrue(assertThrows(IllegalArgumentException.class,
        () -> new PostgresServer("jdbc:postgresql://h/d?password=x", "u", "", 1)).getMessage().contains("password"));
    Files.writeString(journal.home().postgresql(), "nonsense {");
    assertTrue(refusal(() -> Journal.of(journal.home())).contains(journal.home().postgresql().toString()));
  }

  @Test
  void password_comesFromItsFile_whenTheServerAsksForOne() throws Exception {
    Path rules = DATABASE.data().resolve("pg_hba.conf");
    String trust = Files.readString(rules);
    Path secret = Files.writeString(directory.resolve("secret"), "open sesame\n");
    sql("ALTER USER postgres PASSWORD 'open sesame'");
    try {
      Files.writeString(rules, "host all all all scram-sha-256\n");
      sql("SELECT pg_reload_conf()");
      PostgresServer asked = new PostgresServer(DATABASE.server().url(), "postgres", secret.toString(), 2);
      PostgresJournal journal = PostgresJournal.of(new ExperimentHome(directory.resolve("secured")), asked);
      try (Closeable held = journal.hold(false); Story story = Story.open(journal)) {
        story.write(1, 2);
      }
      assertFalse(journal.akkaConfig().root().render().contains("sesame"));
      Files.writeString(secret, "shut sesame");
      String wrong = refusal(journal::read);
      assertTrue(wrong.contains("password authentication failed") && !wrong.contains("sesame"), wrong);
      Files.delete(secret);
      assertTrue(refusal(journal::read).contains("the password file " + secret + " cannot be read"));
      assertTrue(refusal(() -> journal("open").read()).contains("password-file"));
    } finally {
      Files.writeString(rules, trust);
      try (var signal = new ProcessBuilder("kill", "-HUP",
          Files.readAllLines(DATABASE.data().resolve("postmaster.pid")).get(0)).start().getInputStream()) {
        signal.readAllBytes();
      }
      awaitTrust();
    }
  }

  private static void awaitTrust() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      try (Connection connection = DATABASE.server().connect()) {
        return;
      } catch (SQLException notYet) {
        Thread.sleep(50);
      }
    }
  }

  @Test
  void records_haveTheSameBytesInBothJournals() throws Exception {
    LevelDbJournal level = new LevelDbJournal(new ExperimentHome(directory.resolve("level").resolve("tale")));
    PostgresJournal postgres = journal("tale");
    for (Journal journal : List.of(level, postgres)) {
      Files.createDirectories(journal.home().directory().getParent());
      try (Closeable held = journal.hold(false); Story story = Story.open(journal)) {
        story.write(1, 12);
      }
    }
    assertEquals(spine(level), spine(postgres));
    assertEquals(lives(level), lives(postgres));
  }

  @Test
  void secondWriter_isRefusedByThePrimaryKey_andNothingOfTheFirstIsLost() throws Exception {
    PostgresJournal journal = journal(Story.EXPERIMENT);
    journal.hold(true).close();
    StreamHead before;
    try (Story one = Story.open(journal); Story other = Story.open(journal)) {
      one.write(1, 5);
      other.patience = Duration.ofSeconds(3);
      before = one.acknowledged().get(StreamName.spine(Story.EXPERIMENT));
      assertThrows(Exception.class, () -> other.write(100, 1));
    }
    assertEquals(before.sequence(), spine(journal).size());
    assertInstanceOf(JournalVerdict.Sound.class, journal.check());
  }

  @Test
  void nodesOfOneCluster_holdItTogether_butNobodyBesides() throws IOException {
    PostgresJournal one = journal("shared");
    PostgresJournal two =
        PostgresJournal.of(new ExperimentHome(directory.resolve("b").resolve("shared")), DATABASE.server());
    try (Closeable first = one.hold(true); Closeable second = two.hold(true)) {
      PostgresJournal three =
          PostgresJournal.of(new ExperimentHome(directory.resolve("c").resolve("shared")), DATABASE.server());
      String refused = refusal(() -> three.hold(false));
      assertTrue(refused.contains("in use by process " + ProcessHandle.current().pid() + " on "), refused);
    }
  }

  @Test
  void migrations_areRepeatable_doneOnceByMany_andKeepOlderProgramsOut() throws Exception {
    String first = "CREATE TABLE event_journal (persistence_id TEXT, sequence_number BIGINT)";
    String second = "ALTER TABLE event_journal ADD COLUMN more INTEGER";
    PostgresSchema old = new PostgresSchema(DATABASE.server(), "m", List.of(first));
    PostgresSchema today = new PostgresSchema(DATABASE.server(), "m", List.of(first, second));
    assertEquals(new PostgresSchema.Migrated("m", 0, 1), old.migrate());
    assertEquals(new PostgresSchema.Migrated("m", 1, 1), old.migrate());
    try (Connection connection = DATABASE.server().connect()) {
      old.requireCurrent(connection);
      String behind = refusal(() -> today.requireCurrent(connection));
      assertTrue(behind.contains("has version 1") && behind.contains("'cambrian journal migrate m'"), behind);
      ExecutorService many = Executors.newFixedThreadPool(6);
      List<Future<PostgresSchema.Migrated>> done = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        done.add(many.submit(() -> today.migrate()));
      }
      int steps = 0;
      for (Future<PostgresSchema.Migrated> one : done) {
        steps += one.get().to() - one.get().from();
      }
      many.shutdown();
      assertEquals(1, steps);
      today.requireCurrent(connection);
      String ahead = refusal(() -> old.requireCurrent(connection));
      assertTrue(ahead.contains("has version 2") && ahead.contains("a later version of Cambrian"), ahead);
      assertEquals(ahead, refusal(old::migrate));
    }
    assertEquals(List.of("m"), PostgresSchema.experiments(DATABASE.server()));
  }

  @Test
  void stepThatFails_leavesTheSchemaAsItWas() throws Exception {
    PostgresSchema broken = new PostgresSchema(
        DATABASE.server(), "half", List.of("CREATE TABLE a (b INTEGER)", "CREATE NONSENSE"));
    assertTrue(refusal(broken::migrate).contains("cambrian_half"));
    try (Connection connection = DATABASE.server().connect()) {
      assertFalse(broken.exists(connection));
    }
  }

  @Test
  void lostSchema_lostRecordsAndTooLongNames_areNamed() throws Exception {
    PostgresJournal journal = journal(Story.EXPERIMENT);
    try (Closeable held = journal.hold(false); Story story = Story.open(journal)) {
      story.write(1, 10);
    }
    sql("DELETE FROM \"cambrian_tale\".event_journal WHERE persistence_id = 'individual|4'");
    assertTrue(refusal(journal::check).contains("individual 4"));
    sql("UPDATE \"cambrian_tale\".event_journal SET event_payload = event_payload || 'x'"
        + " WHERE persistence_id = 'population|tale' AND sequence_number = 7");
    assertTrue(refusal(() -> spine(journal)).contains("breaks off after event 7"));
    sql("DROP SCHEMA \"cambrian_tale\" CASCADE");
    assertTrue(refusal(() -> journal.hold(false)).contains("restore it"));
    assertTrue(refusal(journal::read).contains("there is no experiment tale"));
    assertTrue(refusal(() -> journal("n".repeat(60))).contains("too long"));
  }

  @Test
  void serverThatIsNotThere_isNamedInOneSentence() throws Exception {
    PostgresServer nowhere = new PostgresServer("jdbc:postgresql://localhost:1/none", "somebody", "", 1);
    String refused =
        refusal(() -> PostgresJournal.of(new ExperimentHome(directory.resolve("x")), nowhere).begun());
    assertTrue(refused.contains("postgresql://localhost:1/none as user somebody"), refused);
    assertFalse(refused.contains("\n"));
  }
}
