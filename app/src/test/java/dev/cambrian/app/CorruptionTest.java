package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.actors.CrashPoint;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HeadFile;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a disk can do to an experiment: either nothing that was acknowledged is lost and evolution goes on, or it is
 * refused with one sentence and goes on where the loss is accepted. The experiment was killed three times before: its
 * journal has tables and logs, children in training, and an end that the spine does not know yet.
 */
class CorruptionTest {
  private static final String NAME = "damaged";

  @TempDir static Path original;
  private static CrashHarness harness;
  private static List<Link> spine;
  private static long acknowledged;
  private static PopulationState population;

  @TempDir Path folder;

  @BeforeAll
  static void killThreeTimes() throws Exception {
    // So many are alive that the best, whose weights stay whole, is hardly ever among the first parents.
    harness = new CrashHarness(original, NAME, 100).population(24);
    for (String crash : List.of("REPORT_PERSISTING:30", "REPORT_ANSWERED:25", "TRAINED_PERSISTED:20")) {
      CrashHarness.Run run = harness.evolve(CrashHarness.FOREVER, "-D" + CrashPoint.PROPERTY + "=" + crash);
      assertEquals(137, run.exitCode(), run::toString);
    }
    CrashAudit audit = CrashAudit.of(harness.home());
    spine = audit.history().spine();
    population = audit.state();
    acknowledged = HeadFile.read(harness.home().head()).orElseThrow().sequence();
  }

  @AfterAll
  static void end() {
    harness.close();
  }

  @Test
  void tornTailOfWhatNobodyWasTold_itGoesOnWithANote() throws Exception {
    Path log = newestLog(damaged());
    byte[] bytes = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(bytes, lengthWithoutZeros(bytes) - 5));
    Outcome outcome = evolve();
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertTrue(outcome.err().contains("torn by a crash"), outcome.err());
    assertNothingLost();
  }

  @Test
  void garbageBehindTheEnd_itGoesOn() throws Exception {
    Path log = newestLog(damaged());
    byte[] bytes = Files.readAllBytes(log);
    byte[] garbage = new byte[100];
    new Random(5).nextBytes(garbage);
    System.arraycopy(garbage, 0, bytes, lengthWithoutZeros(bytes), garbage.length);
    Files.write(log, bytes);
    Outcome outcome = evolve();
    assertEquals(0, outcome.exitCode(), outcome.err());
    assertNothingLost();
  }

  /** LevelDB maps its log in advance: what it did not write yet is zero. */
  private static int lengthWithoutZeros(byte[] bytes) {
    int length = bytes.length;
    while (bytes[length - 1] == 0) {
      length--;
    }
    return length;
  }

  @Test
  void anyFileOfTheJournalMissing_nothingIsLostOrItIsSaid() throws Exception {
    for (String name : names(harness.home().journal())) {
      Files.delete(damaged().journal().resolve(name));
      assertGoesOnOrStops(name + " missing");
    }
  }

  @Test
  void wholeJournalMissing_itIsSaid() throws Exception {
    CrashHistory.delete(damaged().journal());
    assertStops("the journal missing");
  }

  @Test
  void headFileMissingOrDamaged_itIsSaid() throws Exception {
    Files.delete(damaged().head());
    assertStops("head missing");
    Files.write(damaged().head(), new byte[8192]);
    assertStops("head of zeros");
    Files.write(damaged().head(), new byte[0]);
    assertStops("head empty");
  }

  @Test
  void bytesFlippedSomewhere_nothingIsLostOrItIsSaid() throws Exception {
    flipBytes(new Random(1), 8);
  }

  @Test
  @Tag("long")
  void bytesFlippedInManyPlaces_nothingIsLostOrItIsSaid() throws Exception {
    flipBytes(new Random(2), 150);
  }

  /** 16 bytes at a time, in the files by turns. */
  private void flipBytes(Random random, int times) throws Exception {
    List<String> names = names(harness.home().journal()).stream().filter(name -> !name.startsWith("LO")).toList();
    for (int i = 0; i < times; i++) {
      Path file = damaged().journal().resolve(names.get(i % names.size()));
      byte[] bytes = Files.readAllBytes(file);
      int at = random.nextInt(Math.max(1, bytes.length - 16));
      for (int j = at; j < Math.min(at + 16, bytes.length); j++) {
        bytes[j] ^= (byte) (1 + random.nextInt(255));
      }
      Files.write(file, bytes);
      assertGoesOnOrStops("16 bytes from " + at + " of " + bytes.length + " in " + file.getFileName());
    }
  }

  @Test
  void weightsOfParentsMissing_theirChildrenFailAndNobodyWaits() throws Exception {
    assertChildrenFail(Files::delete, "are missing");
  }

  @Test
  void weightsAllInAnotherPlace_itIsRefusedBeforeAnyChildFailsForIt() throws Exception {
    ExperimentHome home = damaged();
    Files.move(home.weights(), folder.resolve("elsewhere"));
    Files.createDirectory(home.weights());
    Outcome outcome = evolve();
    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.err().matches("(?s).*cambrian: none of the \\d+ weights that damaged needs to go on is in \\Q"
        + home.weights() + "\\E; let cambrian.weights name the store that it was started with\\.\\R"), outcome.err());
    assertEquals(acknowledged, HeadFile.read(home.head()).orElseThrow().sequence());
    Files.delete(home.weights());
    Files.move(folder.resolve("elsewhere"), home.weights());
    assertEquals(0, evolve().exitCode());
    assertNothingLost();
  }

  @Test
  void weightsOfParentsDamaged_theirChildrenFailAndNobodyWaits() throws Exception {
    assertChildrenFail(file -> {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length - 1] ^= 1;
      Files.write(file, bytes);
    }, "are damaged: their bytes no longer match their name");
  }

  private interface Damage {
    void to(Path file) throws IOException;
  }

  private void assertChildrenFail(Damage damage, String message) throws Exception {
    ExperimentHome home = damaged();
    FolderWeightStore store = new FolderWeightStore(home.weights());
    Set<String> lost = new HashSet<>();
    population.living().forEach(alive -> lost.add(alive.weights()));
    lost.remove(population.best().orElseThrow().weights());
    for (String weights : lost) {
      damage.to(store.file(new WeightsHash(weights)));
    }
    Outcome outcome = evolve();
    assertEquals(0, outcome.exitCode(), outcome.err());
    CrashAudit audit = CrashAudit.of(home, lost);
    assertEnded(audit);
    List<String> messages = audit.history().events().stream()
        .filter(PopulationEvent.ChildFailed.class::isInstance)
        .map(event -> (PopulationEvent.ChildFailed) event)
        .filter(failed -> failed.reason().equals("WEIGHTS_LOST"))
        .map(PopulationEvent.ChildFailed::message)
        .toList();
    assertTrue(messages.size() > 0);
    messages.forEach(one -> assertTrue(one.startsWith("the weights ") && one.endsWith(message), one));
  }

  /** A copy of the experiment, to be damaged, in place of the one before. */
  private ExperimentHome damaged() throws IOException {
    if (Files.exists(home().directory())) {
      CrashHistory.delete(home().directory());
    }
    Path from = harness.home().directory();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path to = home().directory().resolve(from.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    return home();
  }

  private ExperimentHome home() {
    return new ExperimentHome(folder.resolve("home").resolve(NAME));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Path newestLog(ExperimentHome home) throws IOException {
    String name = names(home.journal()).stream().filter(one -> one.endsWith(".log")).reduce((a, b) -> b).orElseThrow();
    return home.journal().resolve(name);
  }

  private void assertGoesOnOrStops(String damage) throws Exception {
    SortedMap<String, byte[]> before = content();
    Outcome outcome = evolve();
    try {
      if (outcome.exitCode() == 0) {
        assertNothingLost();
      } else {
        assertRefused(outcome, before);
        assertGoesOnWithoutWhatIsLost();
      }
    } catch (AssertionError | Exception e) {
      throw new AssertionError(damage + ": " + e.getMessage() + "\n" + outcome.err(), e);
    }
  }

  private void assertStops(String damage) throws Exception {
    SortedMap<String, byte[]> before = content();
    Outcome outcome = evolve();
    try {
      assertRefused(outcome, before);
      assertGoesOnWithoutWhatIsLost();
    } catch (AssertionError | Exception e) {
      throw new AssertionError(damage + ": " + e.getMessage() + "\n" + outcome.err(), e);
    }
  }

  private void assertRefused(Outcome outcome, SortedMap<String, byte[]> before) throws IOException {
    assertEquals(1, outcome.exitCode(), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().startsWith("cambrian: "), outcome.err());
    assertTrue(outcome.err().contains(home().journal().toString()), outcome.err());
    assertTrue(outcome.err().contains("--accept-loss"), outcome.err());
    SortedMap<String, byte[]> after = content();
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
  }

  private void assertNothingLost() throws IOException {
    CrashAudit audit = CrashAudit.of(home());
    assertEquals(spine.subList(0, (int) acknowledged), audit.history().spine().subList(0, (int) acknowledged));
    assertTrue(audit.history().events().stream().noneMatch(PopulationEvent.LossAccepted.class::isInstance));
    assertEnded(audit);
  }

  private void assertGoesOnWithoutWhatIsLost() throws Exception {
    Outcome outcome = evolve("--accept-loss");
    assertEquals(0, outcome.exitCode(), outcome.err());
    CrashAudit audit = CrashAudit.of(home());
    List<PopulationEvent> events = audit.history().events();
    int cut = 0;
    while (cut < events.size() && !(events.get(cut) instanceof PopulationEvent.LossAccepted)) {
      cut++;
    }
    if (cut < events.size()) {
      assertEquals(spine.subList(0, cut), audit.history().spine().subList(0, cut));
    }
    assertEnded(audit);
  }

  private static void assertEnded(CrashAudit audit) {
    assertEquals(target(), audit.state().conceived());
    assertEquals(0, audit.state().training());
  }

  private static long target() {
    return population.conceived() + 40;
  }

  private SortedMap<String, byte[]> content() throws IOException {
    SortedMap<String, byte[]> content = new TreeMap<>();
    if (Files.exists(home().journal())) {
      for (String name : names(home().journal())) {
        content.put(name, Files.readAllBytes(home().journal().resolve(name)));
      }
    }
    return content;
  }

  private record Outcome(int exitCode, String err) {}

  /** The same command again, in this very process. */
  private Outcome evolve(String... further) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Session session = new Session(new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), false, false, original);
    List<String> arguments = new ArrayList<>(harness.arguments("individuals=" + target()));
    arguments.addAll(List.of("--home", folder.resolve("home").toString()));
    arguments.addAll(List.of(further));
    int exitCode = Cambrian.run(session, arguments.toArray(String[]::new));
    return new Outcome(exitCode, err.toString(StandardCharsets.UTF_8));
  }
}
