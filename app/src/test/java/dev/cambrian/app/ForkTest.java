package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.Control;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.WeightStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Second futures of one experiment, evolved by one worker, whose weights are all kept. */
class ForkTest {
  private static final String PARENT = "parent";
  private static final int INDIVIDUALS = 20;

  @TempDir static Path folder;
  private static CrashHarness harness;
  private static CrashHistory history;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeAll
  static void evolve() throws Exception {
    harness = experiment(PARENT, "all");
    history = harness.finish(INDIVIDUALS).history();
  }

  @AfterAll
  static void close() {
    harness.close();
  }

  private static CrashHarness experiment(String name, String keep) throws IOException {
    CrashHarness experiment = new CrashHarness(folder, name, 1000).workers(1);
    return experiment.with("--engine", "surrogate", "--keep", keep, "--population", "8", "--dataset", "idx",
        "--data", folder.resolve("data").toString());
  }

  private static ExperimentHome home(String name) {
    return new ExperimentHome(folder.resolve("home").resolve(name));
  }

  private int cambrian(String... arguments) {
    out.reset();
    err.reset();
    return Cambrian.run(new Session(new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false, true, folder), arguments);
  }

  private void fork(String parent, long event, String name, String... further) {
    List<String> arguments =
        Stream.concat(Stream.of("fork", parent, "--at", String.valueOf(event), "--as", name), Stream.of(further))
            .toList();
    assertEquals(0, cambrian(arguments.toArray(String[]::new)), () -> err.toString(StandardCharsets.UTF_8));
  }

  private String refused(int exitCode, String... arguments) throws IOException {
    List<String> before = names();
    assertEquals(exitCode, cambrian(arguments));
    assertEquals(before, names(), "nothing is left");
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.startsWith("cambrian: ") && said.lines().count() == 1 && !said.contains("\tat "), said);
    return said.strip();
  }

  private static List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder.resolve("home"))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, Path> weights(String name) throws IOException {
    Map<String, Path> weights = new TreeMap<>();
    try (Stream<Path> files = Files.walk(home(name).weights())) {
      files.filter(Files::isRegularFile).forEach(file -> weights.put(file.getFileName().toString(), file));
    }
    return weights;
  }

  @Test
  void everyEvent_canBeForked_andNoTensorIsCopied() throws Exception {
    PopulationState then = PopulationState.empty();
    Map<String, Path> all = weights(PARENT);
    for (int event = 1; event <= history.spine().size(); event++) {
      then = then.updated(history.spine().get(event - 1));
      fork(PARENT, event, "each");
      CrashAudit audit = CrashAudit.of(home("each"));
      assertEquals(then.living(), audit.state().living());
      assertEquals(then.children(), audit.state().children());
      assertEquals(then.best(), audit.state().best());
      assertEquals("each", audit.state().experiment());
      for (Map.Entry<String, Path> shared : weights("each").entrySet()) {
        assertTrue(Files.isSameFile(all.get(shared.getKey()), shared.getValue()), shared.getKey());
      }
      CrashHistory.delete(home("each").directory());
    }
  }

  @Test
  void unchangedFork_hasItsParentsFuture() throws Exception {
    List<PopulationEvent> events = history.events();
    int trained = events.size() / 2;
    while (!(events.get(trained - 1) instanceof PopulationEvent.ChildTrained)) {
      trained++;
    }
    List<String> expected = CanonicalHistory.withoutAttempts(CanonicalHistory.of(history, folder));
    for (int event : new int[] {trained, trained + 1}) {
      fork(PARENT, event, "same" + event);
      try (CrashHarness same = experiment("same" + event, "all")) {
        CrashHistory again = same.finish(INDIVIDUALS).history();
        CanonicalHistory.assertSame(
            expected, CanonicalHistory.withoutAttempts(CanonicalHistory.of(again, folder)));
      }
    }
  }

  @Test
  void forkOfAFork_withOtherSettings_goesOnWithThem() throws Exception {
    fork(PARENT, 20, "first", "--set", "population=12", "--set", "mutations-per-reproduction=3");
    fork("first", 15, "second", "--set", "steps=7");
    fork("first", 23, "third");
    CrashAudit third = CrashAudit.of(home("third"));
    assertEquals(12, third.state().inForce().population());
    assertEquals(3, third.state().inForce().mutation().perReproduction());
    try (CrashHarness second = experiment("second", "all")) {
      CrashAudit audit = second.finish(INDIVIDUALS);
      assertEquals(7, audit.state().inForce().training().steps());
      assertEquals(8, audit.state().inForce().population());
      assertEquals("second", audit.state().experiment());
    }
  }

  @Test
  void sweepsOfParentAndFork_doNotTouchEachOther_andWhatIsGoneSaysSo() throws Exception {
    try (CrashHarness sweeping = experiment("sweeping", "alive")) {
      CrashHistory before = sweeping.finish(INDIVIDUALS).history();
      int event = before.spine().size() / 2;
      fork("sweeping", event, "kept");
      sweeping.ageWeights();
      CrashHistory swept = sweeping.finish(INDIVIDUALS + 40).history();
      assertTrue(swept.events().stream().anyMatch(PopulationEvent.WeightsCollected.class::isInstance));
      CrashAudit.of(home("kept"));

      String said = refused(UserError.FAILED, "fork", "sweeping", "--at", String.valueOf(event), "--as", "late");
      assertTrue(said.contains("cannot be gone back to"), said);
      long nearest = Long.parseLong(said.replaceFirst(".* (\\d+)\\.$", "$1"));
      fork("sweeping", nearest, "nearest");
      CrashAudit.of(home("nearest"));
      if (nearest > event) {
        refused(UserError.FAILED, "fork", "sweeping", "--at", String.valueOf(nearest - 1), "--as", "late");
      }

      try (CrashHarness kept = experiment("kept", "alive")) {
        kept.ageWeights();
        kept.finish(INDIVIDUALS + 20);
      }
      CrashAudit.of(home("sweeping"));
      CrashAudit.of(home("nearest"));
    }
  }

  @Test
  void parentThatEvolvesMeanwhile_canBeForked_andGoesOn() throws Exception {
    try (CrashHarness running = experiment("running", "all").workers(2)) {
      CrashHarness.Run run = running.evolve(CrashHarness.FOREVER);
      run.firstLine();
      long reached = 0;
      while (reached < 60) {
        Thread.sleep(50);
        assertTrue(run.process().isAlive(), run::toString);
        List<ObjectNode> lines = run.lines();
        reached = lines.get(lines.size() - 1).path("event").asLong();
      }
      fork("running", 30, "beside");
      fork("running", reached, "close");
      assertTrue(run.process().isAlive(), run::toString);
      assertEquals(31, CrashAudit.of(home("beside")).history().spine().size());
      assertEquals(reached + 1, CrashAudit.of(home("close")).history().spine().size());
      run.kill();
      running.audit(run);
    }
  }

  @Test
  void whatMakesNoSense_isRefused_andNothingIsMade() throws Exception {
    int last = history.spine().size();
    assertEquals("cambrian: --at must be an event from 1 to " + last + ", not " + (last + 1) + ", in parent.",
        refused(UserError.FAILED, "fork", PARENT, "--at", String.valueOf(last + 1), "--as", "new"));
    refused(UserError.FAILED, "fork", PARENT, "--at", "0", "--as", "new");
    refused(UserError.USAGE, "fork", PARENT, "--at", "-1", "--as", "new");
    refused(UserError.USAGE, "fork", PARENT, "--at", "then", "--as", "new");
    refused(UserError.FAILED, "fork", "nobody", "--at", "5", "--as", "new");
    refused(UserError.USAGE, "fork", PARENT, "--at", "5", "--as", "../new");
    String there = refused(UserError.FAILED, "fork", PARENT, "--at", "5", "--as", PARENT);
    assertTrue(there.contains(PARENT + " is there already"), there);
    for (String setting : List.of("population", "population=", "population=0", "nonsense=1", "=1", "keep=some")) {
      refused(UserError.USAGE, "fork", PARENT, "--at", "5", "--as", "new", "--set", setting);
    }
  }

  @Test
  void damagedJournal_isRefused() throws Exception {
    fork(PARENT, 20, "damaged");
    try (Stream<Path> files = Files.list(home("damaged").journal())) {
      for (Path file : files.filter(one -> one.toString().matches(".*\\.(log|sst|ldb)")).toList()) {
        Files.delete(file);
      }
    }
    String said = refused(UserError.FAILED, "fork", "damaged", "--at", "5", "--as", "new");
    assertTrue(said.contains("is damaged") || said.contains("does not reach"), said);
    assertFalse(Files.exists(home("new").directory()));
  }

  @Test
  void pin_namesTheWeightsOfItsMoment() throws Exception {
    PopulationState then = PopulationState.empty();
    for (int event = 1; event <= 15; event++) {
      then = then.updated(history.spine().get(event - 1));
    }
    WeightStore store = new FolderWeightStore(home(PARENT).weights());
    Control.Pin pin = (Control.Pin) PastMoment.complete(new Control.Pin(15, List.of()), Journal.of(home(PARENT)), store);
    assertEquals(then.neededWeights().distinct().sorted().toList(), pin.weights());
    assertThrows(
        UserError.class, () -> PastMoment.complete(new Control.Pin(10_000, List.of()), Journal.of(home(PARENT)), store));
    Control other = new Control.ResetWeights();
    assertEquals(other, PastMoment.complete(other, Journal.of(home(PARENT)), store));
  }

  @Test
  void leftoversOfACrash_areDeletedWhenItGoesOn_andNothingElse() throws Exception {
    fork(PARENT, history.spine().size(), "left");
    Path weights = home("left").weights();
    Set<String> named = weights("left").keySet();
    assertEquals(INDIVIDUALS, named.size());
    Path old = weights.resolve("ab/" + "ab".repeat(32) + ".safetensors");
    Path young = weights.resolve("cd/" + "cd".repeat(32) + ".safetensors");
    for (Path file : List.of(old, young)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, "no event names this");
    }
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    for (Path file : weights("left").values()) {
      if (!file.equals(young)) {
        Files.setLastModifiedTime(file, before);
      }
    }
    try (CrashHarness goesOn = experiment("left", "all")) {
      CrashHarness.Run run = goesOn.evolve("individuals=" + (INDIVIDUALS + 2));
      assertEquals(0, run.exitCode(), run::toString);
      assertTrue(run.err().contains("note: 1 file of weights that a crash stored"), run::err);
      assertFalse(Files.exists(old));
      assertTrue(Files.exists(young));
      assertTrue(weights("left").keySet().containsAll(named));
    }
    CrashHistory.delete(home("left").directory());
  }

  @Test
  void json_tellsWhatWasMade() throws Exception {
    fork(PARENT, 25, "told", "--json");
    ObjectNode told = Json.parse(out.toString(StandardCharsets.UTF_8));
    assertEquals("told", told.get("experiment").asText());
    assertEquals(PARENT, told.get("parent").asText());
    assertEquals(25, told.get("event").asLong());
    assertEquals(weights("told").size(), told.get("weights").asInt());
    cambrian("list", "--json");
    assertTrue(out.toString(StandardCharsets.UTF_8).lines().anyMatch(line -> line.contains("\"told\"")));
  }
}
