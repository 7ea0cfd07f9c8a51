package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalRepairTest {
  private static final Instant NOW = Instant.parse("2018-02-05T00:00:00Z");
  private static final String SPINE = StreamName.spine(Story.EXPERIMENT);

  @TempDir static Path directory;
  private static JournalImage image;

  @BeforeAll
  static void write() throws IOException {
    image = JournalImage.ofThreeSittings(directory.resolve("written"));
  }

  @Test
  void cutHistory_keepsNoBiographyOfTheLostFuture() throws IOException {
    String log = image.journalFiles("\\.log").get(0);
    int written = JournalImage.written(image.file(log));
    long dropped = 0;
    for (int length : new int[] {0, written / 3, written / 2, written - 100}) {
      ExperimentHome home =
          image.with(log, Arrays.copyOf(image.file(log), length)).restore(directory.resolve("trial"));
      JournalRepair.Repaired repaired = JournalRepair.truncate(home, NOW);
      assertEquals(List.of(), repaired.individuals());
      assertEquals(Optional.of(repaired.spine()), HeadFile.read(home.head()));
      dropped += assertOnlyWhatTheSpineTells(home);
    }
    assertTrue(dropped > 100, dropped + " biographies");
  }

  /** The number of individuals that the spine does not tell of. */
  private static long assertOnlyWhatTheSpineTells(ExperimentHome home) throws IOException {
    try (JournalReader reader = LevelDbReader.open(home)) {
      Map<Long, Boolean> told = new HashMap<>();
      Map<Long, Long> killed = new HashMap<>();
      List<PopulationEvent> spine = new ArrayList<>();
      reader.spine((link, event) -> {
        spine.add(event);
        if (event instanceof PopulationEvent.InitialAssigned assigned) {
          told.put(assigned.child(), true);
        } else if (event instanceof PopulationEvent.TournamentHeld held) {
          told.put(held.child(), true);
          killed.put(held.killed().getAsLong(), link.sequence());
        }
      });
      assertInstanceOf(PopulationEvent.LossAccepted.class, spine.get(spine.size() - 1));
      long withoutBiography = 0;
      for (long id = 1; id <= 400; id++) {
        List<IndividualEvent> biography = reader.biography(id);
        if (!told.containsKey(id)) {
          assertEquals(List.of(), biography, "individual " + id);
          withoutBiography++;
        }
        for (IndividualEvent event : biography) {
          if (event instanceof IndividualEvent.Killed death) {
            assertEquals(killed.get(id), death.event(), "individual " + id);
          }
        }
      }
      return withoutBiography;
    }
  }

  @Test
  void repairedJournal_isRecoveredByAkka_andGoesOn() throws IOException {
    String table = image.journalFiles("\\.sst").get(1);
    byte[] damaged = image.file(table).clone();
    Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 5000, (byte) 7);
    ExperimentHome home = image.with(table, damaged).restore(directory.resolve("trial"));
    Files.createDirectories(home.snapshots());
    Files.writeString(home.snapshots().resolve("snapshot"), "of a lost future");
    JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, JournalCheck.check(home));
    JournalRepair.Repaired repaired = JournalRepair.truncate(home, NOW);
    assertTrue(Files.isDirectory(repaired.damaged()));
    assertFalse(Files.exists(home.snapshots()));
    try (Story story = Story.openHasty(home)) {
      assertEquals(repaired.spine(), story.recovered(SPINE));
      for (long id = 1; id < 401; id += 20) {
        story.recovered(StreamName.biography(id));
      }
      story.write(1000, 20);
    }
    JournalVerdict.Sound sound = assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
    assertEquals(lost.spine().sequence() + 1 + 40, sound.spine().sequence());
  }

  @Test
  void lostBiography_isNamed_acceptedOnce_andItsBeginningKept() throws IOException {
    ExperimentHome home = image.restore(directory.resolve("trial"));
    loseLastRecords(home, 17, 1);
    loseLastRecords(home, 45, 9);
    JournalVerdict.Lost lost = assertInstanceOf(JournalVerdict.Lost.class, JournalCheck.check(home));
    assertEquals(List.of(17L, 45L), lost.individuals());
    assertEquals(image.spine(), lost.spine());
    assertTrue(lost.sentence().contains("2 individuals (17, 45)"), lost.sentence());

    JournalRepair.Repaired repaired = JournalRepair.truncate(home, NOW);
    assertEquals(List.of(17L, 45L), repaired.individuals());
    assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
    try (JournalReader reader = LevelDbReader.open(home)) {
      PopulationEvent[] last = {null};
      reader.spine((link, event) -> last[0] = event);
      PopulationEvent.LossAccepted accepted = assertInstanceOf(PopulationEvent.LossAccepted.class, last[0]);
      assertEquals(List.of(17L, 45L), accepted.individuals());
      assertEquals(NOW, accepted.at());
      assertEquals(1, reader.biography(17).size());
      assertEquals(List.of(), reader.biography(45));
    }
  }

  /** Makes a biography end before its result, with everything else in order, as only a change from outside can. */
  static void loseLastRecords(ExperimentHome home, long individual, int count) throws IOException {
    int number = JournalKey.FIRST_STREAM + (int) individual;
    try (DB leveldb = JniDBFactory.factory.open(home.journal().toFile(), new Options())) {
      byte[] name = leveldb.get(JournalKey.name(number).bytes());
      assertEquals(StreamName.biography(individual), new String(name, "UTF-8"));
      long last = 2;
      leveldb.delete(JournalKey.record(number, 3).bytes());
      for (int i = 0; i < count && last > 0; i++) {
        leveldb.delete(JournalKey.record(number, last--).bytes());
      }
      leveldb.put(JournalKey.counter(number).bytes(), ByteBuffer.allocate(8).putLong(last).array());
    }
  }

  @Test
  void nothingLeft_beginsAnew() throws IOException {
    JournalImage without = image;
    for (String file : image.journalFiles("")) {
      without = without.with(file, null);
    }
    ExperimentHome home = without.restore(directory.resolve("trial"));
    assertEquals(StreamHead.EMPTY, JournalRepair.truncate(home, NOW).spine());
    assertEquals(new JournalVerdict.Sound(StreamHead.EMPTY, 0), JournalCheck.check(home));
    try (Story story = Story.openHasty(home)) {
      story.write(1, 5);
    }
    assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
  }

  @Test
  void crashWhileTheJournalsAreSwapped_isFinishedByTheNextCheck() throws IOException {
    ExperimentHome home = image.with("journal/CURRENT", null).restore(directory.resolve("trial"));
    JournalRepair.Repaired repaired = JournalRepair.truncate(home, NOW);
    Files.move(home.journal(), home.directory().resolve("journal.built"));
    JournalVerdict.Sound sound = assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
    assertEquals(repaired.spine(), sound.spine());
  }

  @Test
  void crashBeforeTheHeadFileIsReset_canBeAcceptedAgain() throws IOException {
    String log = image.journalFiles("\\.log").get(0);
    ExperimentHome home = image.with(log, new byte[0]).restore(directory.resolve("trial"));
    JournalRepair.Repaired first = JournalRepair.truncate(home, NOW);
    HeadFile.create(home.head(), image.spine());
    assertInstanceOf(JournalVerdict.Lost.class, JournalCheck.check(home));
    JournalRepair.Repaired second = JournalRepair.truncate(home, NOW);
    assertEquals(first.spine().sequence() + 1, second.spine().sequence());
    assertFalse(first.damaged().equals(second.damaged()));
    assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
  }

  @Test
  void soundJournal_isNotCut() throws IOException {
    ExperimentHome home = image.restore(directory.resolve("trial"));
    assertThrows(IllegalStateException.class, () -> JournalRepair.truncate(home, NOW));
    Oracle.assertHolds(home, image.acknowledged());
  }
}
