package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalForkTest {
  private static final int CHILDREN = 20;
  private static final Instant NOW = Instant.parse("2018-02-05T00:00:00Z");
  private static final List<PopulationEvent> OWN =
      List.of(new PopulationEvent.Forked(NOW, "fork", Story.EXPERIMENT, 1, Examples.SETTINGS));

  @TempDir static Path directory;
  private static ExperimentHome parent;
  private static List<Link> links;
  private static Map<Long, List<IndividualEvent>> biographies;

  @BeforeAll
  static void write() throws IOException {
    parent = new ExperimentHome(directory.resolve("parent"));
    HomeLock.take(parent).close();
    try (Story story = Story.openHasty(parent)) {
      story.write(1, CHILDREN);
    }
    links = links(parent);
    biographies = biographies(parent);
  }

  private static ExperimentHome fork(ExperimentHome of, long event, String name) throws IOException {
    ExperimentHome fork = new ExperimentHome(directory.resolve(name));
    Directories.delete(fork.directory());
    try (HomeLock lock = HomeLock.take(fork); LevelDbReader reader = LevelDbReader.open(of)) {
      StreamHead head = JournalFork.write(of, reader, event, fork, name, OWN);
      assertEquals(event + 1, head.sequence());
      assertEquals(Optional.of(head), HeadFile.read(fork.head()));
      return fork;
    }
  }

  private static List<Link> links(ExperimentHome home) throws IOException {
    List<Link> links = new ArrayList<>();
    try (LevelDbReader reader = LevelDbReader.open(home)) {
      reader.spine((link, event) -> links.add(link));
    }
    return links;
  }

  private static Map<Long, List<IndividualEvent>> biographies(ExperimentHome home) throws IOException {
    Map<Long, List<IndividualEvent>> biographies = new HashMap<>();
    try (LevelDbReader reader = LevelDbReader.open(home)) {
      for (long id = 1; id <= CHILDREN; id++) {
        biographies.put(id, reader.biography(id));
      }
    }
    return biographies;
  }

  @Test
  void everyEvent_canBeForked_andSharesItsPastBitForBit() throws IOException {
    for (int event = 1; event <= links.size(); event++) {
      ExperimentHome fork = fork(parent, event, "fork");
      JournalVerdict verdict = JournalCheck.check(fork);
      assertTrue(verdict instanceof JournalVerdict.Sound, verdict::toString);
      assertEquals(event + 1, verdict.spine().sequence());
      List<Link> forked = links(fork);
      assertEquals(links.subList(0, event), forked.subList(0, event));
      assertEquals(OWN.get(0), EventCodec.decodePopulation(forked.get(event).event()));
      assertOnlyThePast(event, biographies(fork));
    }
  }

  /** Nobody of the future, no result that the spine did not know, no death that it had not decided. */
  private static void assertOnlyThePast(int event, Map<Long, List<IndividualEvent>> forked) {
    Map<Long, Boolean> ended = new HashMap<>();
    Map<Long, Long> killed = new HashMap<>();
    for (Link link : links.subList(0, event)) {
      PopulationEvent told = EventCodec.decodePopulation(link.event());
      if (told instanceof PopulationEvent.InitialAssigned assigned) {
        ended.put(assigned.child(), false);
      } else if (told instanceof PopulationEvent.TournamentHeld held) {
        ended.put(held.child(), false);
        killed.put(held.killed().getAsLong(), link.sequence());
      } else if (told instanceof PopulationEvent.ChildTrained trained) {
        ended.put(trained.child(), true);
      } else if (told instanceof PopulationEvent.ChildFailed failed) {
        ended.put(failed.child(), true);
      }
    }
    forked.forEach((id, biography) -> {
      List<IndividualEvent> whole = biographies.get(id);
      int expected = !ended.containsKey(id) ? 0 : !ended.get(id) ? 1 : killed.containsKey(id) ? 3 : 2;
      assertEquals(whole.subList(0, expected), biography, "individual " + id + " at event " + event);
    });
  }

  @Test
  void fork_isRecoveredByAkka_andGoesOn_andForksAgain() throws IOException {
    int event = links.size() / 2;
    ExperimentHome fork = fork(parent, event, Story.EXPERIMENT);
    String spine = StreamName.spine(Story.EXPERIMENT);
    try (Story story = Story.openHasty(fork)) {
      assertEquals(event + 1, story.recovered(spine).sequence());
      story.write(1000, 10);
    }
    assertTrue(JournalCheck.check(fork) instanceof JournalVerdict.Sound);
    assertEquals(links(fork).subList(0, event + 5), links(fork(fork, event + 5, "again")).subList(0, event + 5));
    assertEquals(links, links(parent));
  }

  @Test
  void fork_hasItsOwnName() throws IOException {
    ExperimentHome fork = fork(parent, 10, "renamed");
    try (LevelDbReader reader = LevelDbReader.open(fork)) {
      assertEquals(StreamName.spine("renamed"), reader.spineName());
      assertFalse(reader.copy().orElseThrow().names().containsValue(StreamName.spine(Story.EXPERIMENT)));
    }
  }

  @Test
  void snapshotsOfThePast_areSharedUnderTheForksName() throws IOException {
    ExperimentHome home = JournalImage.of(parent, Map.of()).restore(directory.resolve("with-snapshots"));
    Files.createDirectories(home.snapshots());
    String of = "snapshot-population%7C" + Story.EXPERIMENT + "-";
    for (String name : List.of(of + "5-1", of + "10-2", of + "15-3", "snapshot-individual%7C1-5-1")) {
      Files.writeString(home.snapshots().resolve(name), name);
    }
    ExperimentHome fork = fork(home, 10, "shared");
    KeptSnapshots kept = SnapshotFiles.of(fork, StreamName.spine("shared"));
    assertEquals(List.of(5L, 10L), List.copyOf(kept.events()));
    try (Stream<Path> files = Files.list(fork.snapshots())) {
      assertEquals(2, files.count());
    }
    assertTrue(Files.isSameFile(
        home.snapshots().resolve(of + "5-1"), fork.snapshots().resolve("snapshot-population%7Cshared-5-1")));
  }

  @Test
  void eventThatIsNotThere_isRefused() throws IOException {
    for (long event : new long[] {Long.MIN_VALUE, -1, 0, links.size() + 1, Long.MAX_VALUE}) {
      UnusableHome refused = assertThrows(UnusableHome.class, () -> fork(parent, event, "none"));
      assertEquals("there is no event " + event + "; the last one is event " + links.size() + ".",
          refused.getMessage());
    }
  }

  @Test
  void resultsThatWereLostLater_areRefused_butNotAfterTheirLossWasAccepted() throws IOException {
    ExperimentHome damaged = new ExperimentHome(directory.resolve("damaged"));
    JournalImage.of(parent, Map.of()).restore(damaged.directory());
    long ended = 0;
    for (Link link : links) {
      if (EventCodec.decodePopulation(link.event()) instanceof PopulationEvent.ChildTrained trained
          && trained.child() == 3) {
        ended = link.sequence();
      }
    }
    JournalRepairTest.loseLastRecords(damaged, 3, 1);
    StreamHead accepted = JournalRepair.truncate(damaged, NOW).spine();
    long known = ended;
    fork(damaged, known - 1, "before");
    UnusableHome refused = assertThrows(UnusableHome.class, () -> fork(damaged, known, "during"));
    assertTrue(refused.getMessage().contains("1 individual that it knows of (3)"), refused.getMessage());
    fork(damaged, accepted.sequence(), "after");
  }
}
