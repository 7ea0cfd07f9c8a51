package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.persistence.EmbeddedServer;
import dev.cambrian.persistence.ExperimentHome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The real program with its journal on a real PostgreSQL. */
class PostgresExperimentTest {
  private static final int KILLS = 3;
  private static final int MOST_MILLIS = 700;

  @RegisterExtension static final EmbeddedServer DATABASE = new EmbeddedServer();

  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {
    ObjectNode json() {
      return Json.parse(out.lines().reduce((first, last) -> last).orElseThrow());
    }
  }

  private Outcome run(String... arguments) {
    return runIn(folder, arguments);
  }

  private static Outcome runIn(Path install, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Cambrian.run(
        new Session(new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, true, install),
        arguments);
    return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void killedAtRandomInstants_everyAcknowledgedEventIsThereAndEvolutionGoesOn() throws Exception {
    Random random = new Random(20170303);
    try (CrashHarness harness = new CrashHarness(folder, "killed", 100).on(DATABASE.server())) {
      long reached = 0;
      long conceived = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        CrashHarness.Run run = harness.evolve(CrashHarness.FOREVER);
        run.firstLine();
        Thread.sleep(random.nextInt(MOST_MILLIS));
        run.kill();
        CrashAudit audit = harness.audit(run);
        assertTrue(audit.state().head().sequence() >= reached);
        reached = audit.state().head().sequence();
        conceived = audit.state().conceived();
        harness.ageWeights();
      }
      harness.finish(conceived + 20);
    }
  }

  @Test
  void commandsAboutThePast_workAsOnLevelDb_alsoWithoutAHome_andTheWayBackIsOpen() throws Exception {
    ExperimentHome home;
    try (CrashHarness harness = new CrashHarness(folder, "told", 1000).workers(2)) {
      CrashHarness.Run run = harness.evolve("individuals=40");
      assertEquals(0, run.exitCode(), run::toString);
      home = harness.home();
      harness.on(DATABASE.server());
    }
    Outcome[] onLevelDb = told(folder);

    Outcome moved = run("journal", "copy", "told", "--from", "leveldb", "--to", "postgres", "--json");
    assertEquals(0, moved.exitCode(), moved.err());
    assertEquals(40, moved.json().get("individuals").asInt());
    assertFalse(Files.exists(home.journal()));
    assertTrue(Files.isDirectory(home.directory().resolve(moved.json().get("former").asText())));
    assertTold(onLevelDb, told(folder));

    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.copy(folder.resolve("application.conf"), elsewhere.resolve("application.conf"));
    assertTold(onLevelDb, told(elsewhere));
    assertTrue(runIn(elsewhere, "list").out().contains("told"));
    assertFalse(Files.exists(elsewhere.resolve("home")), "reading leaves nothing");

    assertEquals(0, run("control", "told", "set", "population=9").exitCode());
    assertEquals(0, run("fork", "told", "--at", String.valueOf(moved.json().get("event").asInt()), "--as", "second")
        .exitCode());
    try (CrashHarness harness = new CrashHarness(folder, "second", 1000).on(DATABASE.server())) {
      CrashHarness.Run on = harness.evolve("individuals=50");
      assertEquals(0, on.exitCode(), on::toString);
      assertEquals(50, harness.audit(on).state().conceived());
    }
    assertEquals(2, run("evolve", "told", "--journal", "leveldb").exitCode());
    assertTrue(run("evolve", "told", "--journal", "leveldb").err().contains("--from postgresql --to leveldb"));

    Outcome back = run("journal", "copy", "told", "--from", "postgresql", "--to", "leveldb");
    assertEquals(0, back.exitCode(), back.err());
    assertTrue(back.out().contains("all compared"), back.out());
    Outcome verified = run("replay", "told", "--verify", "--json");
    assertEquals(0, verified.exitCode(), verified.err());
    assertEquals(moved.json().get("event").asLong() + 2,
        run("status", "told", "--json").json().get("event").asLong());
  }

  private static Outcome[] told(Path install) {
    return new Outcome[] {
        runIn(install, "status", "told", "--json"),
        runIn(install, "show", "told", "--at", "30", "--json"),
        runIn(install, "show", "told", "individual", "12", "--json"),
        runIn(install, "lineage", "told", "20", "--format", "json"),
        runIn(install, "replay", "told"),
        runIn(install, "replay", "told", "--verify"),
        runIn(install, "query", "told", "SELECT count(*) AS n, sum(fitness) AS f FROM individuals", "--json")};
  }

  private static void assertTold(Outcome[] expected, Outcome[] told) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(0, told[i].exitCode(), told[i].err());
      assertEquals(expected[i].out(), told[i].out());
    }
  }

  @Test
  void schemas_areMadeAndToldOf_andWrongPlacesAreNamed() throws Exception {
    new CrashHarness(folder, "made", 100).on(DATABASE.server()).close();
    assertEquals("made: its schema was made, in version 1." + System.lineSeparator(),
        run("journal", "migrate", "made").out());
    assertEquals("made: its schema has version 1 already." + System.lineSeparator(),
        run("journal", "migrate", "made").out());
    assertEquals(1, run("journal", "migrate", "made", "--json").json().get("to").asInt());
    assertEquals(UserError.USAGE, run("journal").exitCode());
    assertEquals(UserError.USAGE, run("journal", "copy", "x", "--from", "leveldb", "--to", "leveldb").exitCode());
    assertTrue(run("journal", "copy", "x", "--from", "leveldb", "--to", "postgresql").err()
        .contains("there is no experiment 'x'"));

    Path config = folder.resolve("wrong.conf");
    Files.writeString(config, "cambrian.journal { kind = postgresql,"
        + " postgresql.url = \"jdbc:postgresql://localhost:1/none?connectTimeout=1\" }");
    Outcome unreachable = run("status", "made", "--config", config.toString());
    assertEquals(UserError.FAILED, unreachable.exitCode());
    assertTrue(unreachable.err().contains("postgresql://localhost:1/none as user "), unreachable.err());
    Files.writeString(config, "cambrian.journal.postgresql.url = \"jdbc:postgresql://h/d?password=secret\"");
    Outcome leaking = run("status", "made", "--config", config.toString());
    assertEquals(UserError.USAGE, leaking.exitCode());
    assertTrue(leaking.err().contains("wrong.conf") && !leaking.err().contains("secret"), leaking.err());
  }

  @Test
  void secondProcess_onAnotherMachine_isRefusedWhileTheFirstGoesOn() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    Path one = Files.createDirectories(folder.resolve("one"));
    try (CrashHarness harness = new CrashHarness(one, "shared", 100).on(DATABASE.server());
        CrashHarness rival = new CrashHarness(other, "shared", 100).on(DATABASE.server())) {
      CrashHarness.Run first = harness.evolve(CrashHarness.FOREVER);
      first.firstLine();
      CrashHarness.Run second = rival.evolve("individuals=10");
      assertEquals(1, second.exitCode());
      assertTrue(second.err().contains("is in use by process " + first.process().pid() + " on "), second.err());
      assertFalse(Files.exists(rival.home().directory()));
      assertTrue(first.process().isAlive());
      first.kill();
      harness.audit(first);
    }
  }

  @Test
  void serverThatGoesAwayUnderARunningExperiment_isToldToThePerson_andItGoesOnByItself() throws Exception {
    try (CrashHarness harness = new CrashHarness(folder, "outage", 100).on(DATABASE.server()).workers(2)) {
      CrashHarness.Run run = harness.evolve("individuals=400");
      run.firstLine();
      Thread.sleep(500);
      DATABASE.stop();
      try {
        run.untilSaid("Paused: the journal takes no events: ");
        ObjectNode status = harness.command("status", "--json").lines().get(0);
        assertEquals("paused", status.get("state").asText());
      } finally {
        DATABASE.startAgain();
      }
      assertEquals(0, run.exitCode(), run::toString);
      run.untilSaid("The journal takes events again: it goes on.");
      assertNotEquals(0, harness.audit(run).state().conceived());
    }
  }
}
