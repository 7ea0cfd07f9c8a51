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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class JournalTransferTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  @RegisterExtension static final EmbeddedServer DATABASE = new EmbeddedServer();

  @TempDir Path directory;

  /** A home named after the story, with snapshots after two of its events. */
  private ExperimentHome written(int children) throws IOException {
    Path place = directory.resolve("home" + children).resolve(Story.EXPERIMENT);
    Files.createDirectories(place.getParent());
    ExperimentHome home = new ExperimentHome(place);
    HomeLock.take(home).close();
    try (Story story = Story.openHasty(home)) {
      story.write(1, children);
    }
    for (long event : List.of(10L, 20L)) {
      SnapshotFiles.write(
          home, StreamName.spine(Story.EXPERIMENT), event, Snapshot.of("population", 2, Map.of("event", event)), NOW);
    }
    return home;
  }

  @BeforeEach
  void drop() throws Exception {
    DATABASE.drop(Story.EXPERIMENT);
  }

  @Test
  void experiment_isMovedThereAndBack_bitForBit_andGoesOnInBothPlaces() throws Exception {
    ExperimentHome home = written(20);
    Journal level = Journal.of(home);
    List<Link> spine = JournalContract.spine(level);
    Map<Long, List<Link>> lives = JournalContract.lives(level);

    JournalTransfer.Moved there = JournalTransfer.toPostgres(home, DATABASE.server(), NOW);
    assertEquals(20, there.individuals());
    assertEquals(2, there.snapshots());
    assertEquals(spine.get(spine.size() - 1).head(), there.spine());
    assertTrue(Files.isDirectory(home.directory().resolve(there.former())));
    Journal postgres = assertInstanceOf(PostgresJournal.class, Journal.of(home));
    assertEquals(spine, JournalContract.spine(postgres));
    assertEquals(lives, JournalContract.lives(postgres));
    try (JournalReader reader = postgres.read()) {
      assertEquals(List.of(10L, 20L), List.copyOf(reader.snapshots().events()));
      assertEquals(Snapshot.of("population", 2, Map.of("event", 10)), reader.snapshots().read(10).orElseThrow());
    }
    assertThrows(UnusableHome.class, () -> JournalTransfer.toPostgres(home, DATABASE.server(), NOW));
    try (Closeable held = postgres.hold(false); Story story = Story.open(postgres)) {
      story.write(21, 5);
    }
    List<Link> longer = JournalContract.spine(postgres);

    JournalTransfer.Moved back = JournalTransfer.toLevelDb(home, DATABASE.server(), NOW);
    assertEquals(25, back.individuals());
    assertEquals("moved_20261122080000_cambrian_tale", back.former());
    Journal again = assertInstanceOf(LevelDbJournal.class, Journal.of(home));
    assertEquals(longer, JournalContract.spine(again));
    assertInstanceOf(JournalVerdict.Sound.class, again.check());
    try (JournalReader reader = again.read()) {
      assertEquals(Snapshot.of("population", 2, Map.of("event", 20)), reader.snapshots().read(20).orElseThrow());
    }
    try (Story story = Story.openHasty(home)) {
      story.write(26, 2);
    }
    assertFalse(PostgresSchema.experiments(DATABASE.server()).contains(Story.EXPERIMENT));
  }

  @Test
  void whatIsThereAlready_isNeverMixedWithAnother_butACopyThatWasCutOffIsFinished() throws Exception {
    ExperimentHome home = written(6);
    ExperimentHome other = written(7);
    JournalTransfer.toPostgres(home, DATABASE.server(), NOW);
    String refused = assertThrows(
        UnusableHome.class, () -> JournalTransfer.toPostgres(other, DATABASE.server(), NOW)).getMessage();
    assertTrue(refused.contains("another experiment tale"), refused);
    assertInstanceOf(LevelDbJournal.class, Journal.of(other));
    assertInstanceOf(JournalVerdict.Sound.class, Journal.of(other).check());

    // As if the process had been killed after its commit, before the home says where the journal is.
    Files.delete(home.postgresql());
    Files.move(home.directory().resolve("journal-moved-20261122080000"), home.journal());
    JournalTransfer.Moved finished = JournalTransfer.toPostgres(home, DATABASE.server(), NOW);
    assertEquals(6, finished.individuals());
    assertInstanceOf(PostgresJournal.class, Journal.of(home));
  }

  @Test
  void copyThatIsKilledHalfWay_leavesNothing() throws Exception {
    ExperimentHome home = written(8);
    PostgresJournal target = PostgresJournal.of(home, DATABASE.server());
    try (Connection connection = DATABASE.server().connect(); JournalReader source = LevelDbReader.open(home)) {
      connection.setAutoCommit(false);
      target.makeNew(connection);
      try (JournalWriter writer = new JournalWriter.ToPostgres(connection, target.schema())) {
        JournalWriter.copySpine(source, source.last(), source.spineName(), writer);
        writer.finish();
      }
      // The connection ends with its process; nothing was committed.
    }
    assertFalse(target.begun());
    assertInstanceOf(LevelDbJournal.class, Journal.of(home));
    JournalTransfer.toPostgres(home, DATABASE.server(), NOW);
    assertTrue(target.begun());
  }
}
