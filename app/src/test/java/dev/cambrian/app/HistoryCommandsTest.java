package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay}, {@code show} and {@code lineage} on an experiment that was evolved by a process of its own. */
class HistoryCommandsTest {
  private static final String NAME = "told";

  @TempDir static Path install;
  private static ExperimentHome home;

  /** Every population that there was, by event. */
  private static final SortedMap<Long, PopulationState> POPULATIONS = new TreeMap<>();

  private record Outcome(int exitCode, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }

    ObjectNode json() {
      return Json.parse(out);
    }
  }

  @BeforeAll
  static void evolve() throws Exception {
    try (CrashHarness harness = new CrashHarness(install, NAME, 1000).workers(2)) {
      CrashHarness.Run run = harness.evolve("individuals=60");
      assertEquals(0, run.exitCode(), run::toString);
      home = harness.home();
    }
    try (JournalReader reader = Journal.of(home).read()) {
      PopulationState[] population = {PopulationState.empty()};
      reader.spine((link, event) -> {
        population[0] = population[0].updated(link);
        POPULATIONS.put(link.sequence(), population[0]);
      });
    }
  }

  private static Outcome run(String... arguments) {
    return run(install, arguments);
  }

  private static Outcome run(Path folder, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Cambrian.run(
        new Session(new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), false, true, folder),
        arguments);
    return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PopulationState last() {
    return POPULATIONS.get(POPULATIONS.lastKey());
  }

  @Test
  void replay_tellsEveryEventInALine() {
    Outcome told = run("replay", NAME);
    assertEquals(0, told.exitCode(), told.err());
    assertEquals("", told.err());
    assertEquals(POPULATIONS.size(), told.lines().size());
    assertTrue(told.lines().get(0).matches(" +1  20\\S+ \\S+  told begins: seed 1, population 8, .*"), told.out());
    assertTrue(told.lines().stream().anyMatch(line ->
        line.matches(".* #\\d+ \\([0-9.]+ %\\) meets #\\d+ \\([0-9.]+ %\\): #\\d+ dies, #\\d+ has the child #\\d+ by"
            + " [a-z-]+, on .*")), told.out());
    assertTrue(told.lines().stream().anyMatch(line -> line.matches(
        ".* #\\d+ is alive: fitness [0-9.]+ % \\([+-][0-9.]+ on #\\d+\\), .*")), told.out());
  }

  @Test
  void replay_ofAPart_isThatPartOfTheWhole() {
    List<String> whole = run("replay", NAME).lines();
    assertEquals(whole.subList(29, 47), run("replay", NAME, "--from", "30", "--to", "47").lines());
    String time = POPULATIONS.get(47L).lastAt().toString();
    List<String> until = run("replay", NAME, "--to", time).lines();
    assertEquals(whole.subList(0, until.size()), until);
    assertTrue(until.size() >= 47 && POPULATIONS.get((long) until.size()).lastAt()
        .equals(POPULATIONS.get(47L).lastAt()));
    Outcome wrong = run("replay", NAME, "--from", "9", "--to", "8");
    assertEquals("cambrian: --from is event 9, which lies behind --to, event 8." + System.lineSeparator(), wrong.err());
    assertEquals(UserError.USAGE, run("replay", NAME, "--from", "1000000").exitCode());
    assertTrue(run("replay", NAME, "--from", "soon").err().startsWith(
        "cambrian: --from must be an event's number, or a time like "));
  }

  @Test
  void replay_asJson_isAnObjectAnEvent() {
    long number = 0;
    for (String line : run("replay", NAME, "--json").lines()) {
      ObjectNode event = Json.parse(line);
      assertEquals(++number, event.get("event").asLong());
      boolean born = event.get("type").asText().equals("tournament-held")
          && event.get("fields").get("child").asLong() != 0;
      assertEquals(born ? 1 : 0, event.get("mutations").size(), line);
    }
    assertEquals(POPULATIONS.size(), number);
  }

  @Test
  void summary_agreesWithTheLastPopulation() {
    ObjectNode json = run("replay", NAME, "--summary", "--json").json();
    assertEquals(last().conceived(), json.get("conceived").asLong());
    assertEquals(last().dead(), json.get("died").asLong());
    assertEquals(last().flops(), json.get("flops").asDouble());
    JsonNode best = json.get("best").get(json.get("best").size() - 1);
    assertEquals(last().best().orElseThrow().id(), best.get("individual").asLong());
    assertTrue(run("replay", NAME, "--summary").out().startsWith("History of told, events 1 to "));
  }

  @Test
  void verify_findsEverySnapshotBitEqual() {
    ObjectNode json = run("replay", NAME, "--verify", "--json").json();
    assertTrue(json.get("holds").asBoolean() && json.get("live").isNull(), json.toString());
    assertEquals(POPULATIONS.size(), json.get("events").asLong());
    assertTrue(json.get("snapshots").size() >= 5, json.toString());
    int snapshots = json.get("snapshots").size();
    Outcome text = run("replay", NAME, "--verify");
    assertEquals(0, text.exitCode());
    assertTrue(text.out().contains(snapshots + " of " + snapshots + " are bit-equal"), text.out());
    assertTrue(text.out().contains("none evolves it"), text.out());
  }

  @Test
  void verify_ofARunningExperiment_comparesItsLiveState() throws Exception {
    Path folder = Files.createDirectories(install.resolve("running"));
    try (CrashHarness harness = new CrashHarness(folder, "live", 1000).workers(2)) {
      CrashHarness.Run run = harness.evolve(CrashHarness.FOREVER);
      for (int patience = 0; patience < 300 && run.lines().stream()
          .noneMatch(line -> line.path("individuals").asLong() > 30); patience++) {
        Thread.sleep(100);
      }
      for (int i = 0; i < 3; i++) {
        Outcome verified = run(folder, "replay", "live", "--verify", "--json");
        assertEquals(0, verified.exitCode(), () -> verified.out() + verified.err() + run);
        assertEquals("equal", verified.json().get("live").get("result").asText(), verified.out());
        assertTrue(verified.json().get("events").asLong() >= verified.json().get("live").get("event").asLong());
      }
      assertEquals(0, run(folder, "show", "live").exitCode());
      assertEquals(0, run(folder, "lineage", "live", "best").exitCode());
      assertTrue(run.process().isAlive(), run::toString);
    }
  }

  @Test
  void tornEnd_isSaid_andTheRestHolds() throws IOException {
    Path folder = Files.createDirectories(install.resolve("torn"));
    Path torn = folder.resolve("home").resolve(NAME);
    try (Stream<Path> files = Files.walk(home.directory())) {
      for (Path file : files.toList()) {
        Path copy = torn.resolve(home.directory().relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    Path log;
    try (Stream<Path> files = Files.list(torn.resolve("journal"))) {
      log = files.filter(file -> file.toString().endsWith(".log")).sorted().reduce((a, b) -> b).orElseThrow();
    }
    Files.write(log, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, StandardOpenOption.APPEND);
    Outcome verified = run(folder, "replay", NAME, "--verify");
    assertEquals(0, verified.exitCode(), verified.err());
    assertTrue(verified.out().contains("are bit-equal"), verified.out());
    assertTrue(verified.err().startsWith("cambrian: note: The end of the journal "), verified.err());
    assertTrue(verified.err().contains("the last 9 bytes of " + log.getFileName()), verified.err());
    assertTrue(verified.err().strip().endsWith("The history ends with event " + POPULATIONS.size()
        + "; the last that was acknowledged is " + POPULATIONS.size()
        + ", so nothing that was acknowledged is lost."), verified.err());
  }

  @Test
  void show_atEveryTenthEvent_isThePopulationThen() {
    for (long event = 1; event <= POPULATIONS.size(); event += 10) {
      PopulationState then = POPULATIONS.get(event);
      ObjectNode json = run("show", NAME, "--at", String.valueOf(event), "--json").json();
      assertEquals(event, json.get("event").asLong());
      assertEquals(then.conceived(), json.get("individuals").asLong());
      assertEquals(then.dead(), json.get("dead").asLong());
      assertEquals(then.alive(), json.get("living").size());
      assertEquals(then.training(), json.get("children").size());
      assertEquals(8, json.get("settings").get("population").asInt());
      double before = 1;
      for (JsonNode alive : json.get("living")) {
        assertTrue(alive.get("fitness").asDouble() <= before, json.toString());
        before = alive.get("fitness").asDouble();
      }
    }
  }

  @Test
  void show_inText_listsTheLivingAndWhoTrained() {
    PopulationState then = POPULATIONS.get(60L);
    Outcome shown = run("show", NAME, "--at", "60");
    assertEquals(0, shown.exitCode(), shown.err());
    assertTrue(shown.out().startsWith("told after event 60, "), shown.out());
    for (PopulationState.Alive alive : then.living()) {
      assertTrue(shown.lines().stream().anyMatch(line -> line.matches(" +#" + alive.id() + " +[0-9.]+ % .*")),
          shown.out());
    }
    for (long child : then.children().keySet()) {
      assertTrue(shown.lines().stream().anyMatch(line -> line.startsWith("  #" + child + " ")
          || line.startsWith("  #" + child + ",")), shown.out());
    }
    assertTrue(shown.out().contains("settings    population 8, tournament selection"), shown.out());
  }

  @Test
  void individual_isToldUpToThatMoment_andNoFurther() {
    PopulationState end = last();
    for (long id = 1; id <= end.conceived(); id += 7) {
      ObjectNode whole = run("show", NAME, "individual", String.valueOf(id), "--json").json();
      List<Long> events = new ArrayList<>();
      whole.get("events").forEach(event -> events.add(event.get("event").asLong()));
      assertTrue(whole.get("events").get(0).get("text").asText().contains("#" + id), whole.toString());
      boolean alive = isAlive(end, id);
      assertEquals(alive, whole.get("state").asText().equals("alive"), whole.toString());
      long middle = events.get(events.size() / 2);
      ObjectNode part =
          run("show", NAME, "--at", String.valueOf(middle), "individual", String.valueOf(id), "--json").json();
      assertEquals(events.size() / 2 + 1, part.get("events").size());
      assertEquals(isAlive(POPULATIONS.get(middle), id), part.get("state").asText().equals("alive"));
      Outcome before = run("show", NAME, "--at", String.valueOf(events.get(0) - 1), "individual", String.valueOf(id));
      assertEquals(UserError.FAILED, before.exitCode(), before.out());
      assertTrue(before.err().contains("there is no individual " + id + " at event "), before.err());
    }
    String text = run("show", NAME, "individual", "1").out();
    assertTrue(text.startsWith("Individual 1 of told, ") && text.contains("as an initial individual"), text);
  }

  private static boolean isAlive(PopulationState population, long id) {
    return population.living().stream().anyMatch(alive -> alive.id() == id);
  }

  @Test
  void lineage_goesFromAnInitialIndividualToTheBest_inEveryFormat() throws IOException {
    long best = last().best().orElseThrow().id();
    ObjectNode json = run("lineage", NAME, "best", "--json").json();
    assertEquals(best, json.get("individual").asLong());
    JsonNode steps = json.get("lineage");
    assertTrue(steps.get(0).get("parent").isNull());
    for (int i = 1; i < steps.size(); i++) {
      assertEquals(steps.get(i - 1).get("individual"), steps.get(i).get("parent"));
      assertEquals(i, steps.get(i).get("generation").asInt());
    }
    assertEquals(json, run("lineage", NAME, String.valueOf(best), "--format", "json").json());
    assertEquals(steps.size() + 2, run("lineage", NAME, "best").lines().size());
    assertTrue(run("lineage", NAME, "best", "--format", "dot").out().startsWith("digraph lineage {"));
    Path file = install.resolve("lineage.svg");
    Outcome written = run("lineage", NAME, "best", "--format", "svg", "--out", file.toString());
    assertEquals(0, written.exitCode(), written.err());
    assertEquals("", written.out());
    assertTrue(Files.readString(file).startsWith("<svg "));
    assertFalse(run("lineage", NAME, "61").err().isEmpty());
  }
}
