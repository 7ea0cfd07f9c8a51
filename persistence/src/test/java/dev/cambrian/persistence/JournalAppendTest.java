package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalAppendTest {
  private static final Instant NOW = Instant.parse("2018-02-05T00:00:00Z");
  private static final String SPINE = StreamName.spine(Story.EXPERIMENT);
  private static final List<PopulationEvent> TWO =
      List.of(new PopulationEvent.Resumed(NOW), new PopulationEvent.TestRead(NOW, 3, 0.25));

  @TempDir static Path directory;
  private static JournalImage image;

  @BeforeAll
  static void write() throws IOException {
    image = JournalImage.ofThreeSittings(directory.resolve("written"));
  }

  private static ExperimentHome trial() throws IOException {
    return image.restore(directory.resolve("trial"));
  }

  private static List<PopulationEvent> spine(ExperimentHome home) throws IOException {
    List<PopulationEvent> events = new ArrayList<>();
    try (JournalReader reader = LevelDbReader.open(home)) {
      reader.spine((link, event) -> events.add(event));
    }
    return events;
  }

  @Test
  void appended_isOnDisk_andRecoveredByAkka() throws IOException {
    ExperimentHome home = trial();
    StreamHead head = JournalAppend.append(home, image.spine(), TWO);
    assertEquals(image.spine().sequence() + 2, head.sequence());
    assertEquals(Optional.of(head), HeadFile.read(home.head()));
    assertEquals(head, assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home)).spine());
    List<PopulationEvent> events = spine(home);
    assertEquals(TWO, events.subList(events.size() - 2, events.size()));
    Oracle.assertHolds(home, image.acknowledged());
    try (Story story = Story.openHasty(home)) {
      assertEquals(head, story.recovered(SPINE));
      story.write(1000, 5);
    }
    assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
  }

  @Test
  void decidedOnAnotherEnd_isRefused_andChangesNothing() throws IOException {
    ExperimentHome home = trial();
    StreamHead head = JournalAppend.append(home, image.spine(), TWO);
    assertThrows(IllegalStateException.class, () -> JournalAppend.append(home, image.spine(), TWO));
    assertEquals(head, JournalCheck.check(home).spine());
  }

  /** What is in the journal but was never acknowledged is there, and can be gone on from. */
  @Test
  void crashBeforeTheHeadFile_losesNothing() throws IOException {
    ExperimentHome home = trial();
    byte[] before = Files.readAllBytes(home.head());
    StreamHead head = JournalAppend.append(home, image.spine(), TWO);
    Files.write(home.head(), before);
    assertEquals(head, assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home)).spine());
    StreamHead next = JournalAppend.append(home, head, TWO);
    assertEquals(next, assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home)).spine());
  }

  @Test
  void tornTail_isCutOff() throws IOException {
    String log = image.journalFiles("\\.log").get(0);
    byte[] torn = Arrays.copyOf(image.file(log), JournalImage.written(image.file(log)) + 5);
    torn[torn.length - 1] = 7;
    ExperimentHome home = image.with(log, torn).restore(directory.resolve("trial"));
    assertInstanceOf(JournalVerdict.TornTail.class, JournalCheck.check(home));
    StreamHead head = JournalAppend.append(home, image.spine(), TWO);
    assertEquals(head, assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home)).spine());
  }

  @Test
  void journalWithALoss_isRefused() throws IOException {
    ExperimentHome home =
        image.with(image.journalFiles("\\.sst").get(0), null).restore(directory.resolve("trial"));
    UnusableHome refused = assertThrows(UnusableHome.class, () -> JournalAppend.append(home, image.spine(), TWO));
    assertTrue(refused.getMessage().contains("has lost acknowledged events"), refused.getMessage());
    assertEquals(Optional.of(image.spine()), HeadFile.read(home.head()));
  }

  @Test
  void experimentThatHasNotBegun_isRefused() throws IOException {
    ExperimentHome home = new ExperimentHome(directory.resolve("empty"));
    HomeLock.take(home).close();
    assertThrows(UnusableHome.class, () -> JournalAppend.append(home, StreamHead.EMPTY, TWO));
  }

  /** Appends until it is killed, and prints the head whenever it is acknowledged. */
  public static final class Appender {
    public static void main(String[] arguments) throws IOException {
      ExperimentHome home = new ExperimentHome(Path.of(arguments[0]));
      HomeLock lock = HomeLock.take(home);
      try {
        StreamHead head = JournalCheck.check(home).spine();
        while (true) {
          head = JournalAppend.append(home, head, TWO);
          System.out.println(head.sequence() + " " + head.hash() + " .");
          System.out.flush();
        }
      } finally {
        lock.close();
      }
    }
  }

  @Test
  void killedTwice_losesNothingThatWasAcknowledged() throws Exception {
    kill(2, 1);
  }

  @Tag("long")
  @Test
  void killedTwentyTimes_losesNothingThatWasAcknowledged() throws Exception {
    kill(20, 2);
  }

  private static void kill(int times, long seed) throws Exception {
    ExperimentHome home = trial();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, StreamHead> acknowledged = new HashMap<>(image.acknowledged());
    for (int run = 0; run < times; run++) {
      StreamHead before = acknowledged.get(SPINE);
      Process appender = ChildJvm.start(Appender.class, home.directory().toString());
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(appender.getInputStream()))) {
        take(lines.readLine(), acknowledged);
        Thread.sleep(random.nextInt(400));
        appender.toHandle().destroyForcibly();
        lines.lines().forEach(line -> take(line, acknowledged));
      }
      appender.waitFor();
      assertTrue(acknowledged.get(SPINE).sequence() > before.sequence());
      JournalVerdict verdict = JournalCheck.check(home);
      assertFalse(verdict instanceof JournalVerdict.Lost, verdict::toString);
      assertTrue(verdict.spine().sequence() >= acknowledged.get(SPINE).sequence());
      assertEquals(0, (verdict.spine().sequence() - image.spine().sequence()) % TWO.size());
      Oracle.assertHolds(home, acknowledged);
    }
  }

  private static void take(String line, Map<String, StreamHead> acknowledged) {
    String[] parts = line.split(" ");
    if (parts.length == 3) {
      acknowledged.put(SPINE, new StreamHead(Long.parseLong(parts[0]), parts[1]));
    }
  }
}
