package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash while events are written that were never acknowledged: wherever it tears the log, the run goes on. */
class TornTailTest {
  @TempDir static Path directory;
  private static JournalImage acknowledged;
  private static JournalImage ahead;
  private static String log;
  private static int from;
  private static int to;

  @BeforeAll
  static void write() throws IOException {
    ExperimentHome home = new ExperimentHome(directory.resolve("written"));
    HomeLock.take(home).close();
    try (Story story = Story.openHasty(home)) {
      story.write(1, 30);
      acknowledged = JournalImage.of(home, story.acknowledged());
      story.writeUnacknowledged(30);
      ahead = JournalImage.of(home, story.acknowledged());
    }
    log = ahead.journalFiles("\\.log").get(0);
    from = JournalImage.written(acknowledged.file(log));
    to = JournalImage.written(ahead.file(log));
    assertTrue(to > from + 100);
  }

  @Test
  void logTornBehindWhatWasAcknowledged_losesNothing() throws IOException {
    tear(29);
  }

  @Tag("long")
  @Test
  void logTornAtEveryByteBehindWhatWasAcknowledged_losesNothing() throws IOException {
    tear(1);
  }

  private static void tear(int step) throws IOException {
    int torn = 0;
    for (int at = from; at <= to; at += step) {
      byte[] cut = Arrays.copyOf(ahead.file(log), at);
      byte[] zeroed = Arrays.copyOf(cut, ahead.file(log).length);
      for (byte[] content : new byte[][] {cut, zeroed}) {
        ExperimentHome home = ahead.with(log, content).restore(directory.resolve("trial"));
        JournalVerdict verdict = JournalCheck.check(home);
        assertFalse(verdict instanceof JournalVerdict.Lost, () -> verdict.toString());
        assertTrue(verdict.spine().sequence() >= acknowledged.spine().sequence());
        torn += verdict instanceof JournalVerdict.TornTail ? 1 : 0;
        Oracle.assertHolds(home, acknowledged.acknowledged());
      }
    }
    assertTrue(torn > (to - from) / step, "torn " + torn + " times");
  }

  @Test
  void tornTail_isSaid_andTheStoryGoesOn() throws IOException {
    ExperimentHome home =
        ahead.with(log, Arrays.copyOf(ahead.file(log), to - 5)).restore(directory.resolve("trial"));
    JournalVerdict.TornTail verdict = assertInstanceOf(JournalVerdict.TornTail.class, JournalCheck.check(home));
    assertTrue(verdict.note().contains("cut off after event " + acknowledged.spine().sequence()), verdict.note());
    try (JournalReader reader = LevelDbReader.open(home)) {
      String note = reader.tornEnd().orElseThrow();
      assertTrue(note.contains("bytes of " + log.substring("journal/".length()) + ", from byte "), note);
      assertTrue(note.endsWith("The history ends with event " + acknowledged.spine().sequence()
          + "; the last that was acknowledged is " + acknowledged.spine().sequence()
          + ", so nothing that was acknowledged is lost."), note);
    }
    try (Story story = Story.openHasty(home)) {
      assertEquals(acknowledged.spine(), story.recovered(StreamName.spine(Story.EXPERIMENT)));
      story.write(31, 10);
    }
    JournalVerdict.Sound sound = assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
    assertEquals(acknowledged.spine().sequence() + 20, sound.spine().sequence());
  }
}
