package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.SnapshotFiles;
import dev.cambrian.persistence.StreamName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded history, with a snapshot at about every seventh event, rewound and verified. */
class RewindTest {
  private static final String NAME = "run";

  @TempDir static Path directory;
  private static ExperimentHome recorded;
  private static Verification whileItRan;

  @TempDir Path folder;

  @BeforeAll
  static void record() throws Exception {
    recorded = new ExperimentHome(directory.resolve(NAME));
    NodeSettings settings = new NodeSettings(
        NAME, Experiments.settings(1, 10), recorded.directory(), 2, Until.individuals(60));
    try (HomeLock lock = HomeLock.take(recorded);
        EvolutionNode node = EvolutionNode.start(settings, Experiments.equipment(recorded.directory()),
            ConfigFactory.parseString("cambrian.actors.snapshot-every = 7"))) {
      answer(node.control("request", new Control.Set("mutations-per-reproduction", "5")));
      answer(node.finished());
      answer(node.control("", new Control.Set("paused", "true")));
      StateDigest digest = answer(node.digest());
      try (JournalReader history = Journal.of(recorded).read()) {
        whileItRan = Verification.of(history, Optional.of(digest));
      }
    }
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void everyEvent_isRewoundTo_asItIsFolded() throws IOException {
    assertRewindsEverywhere(recorded);
  }

  @Test
  void history_saysWhatEverySnapshotAndTheRunningProcessSay_toTheByte() throws IOException {
    assertEquals(Optional.of(Verification.Result.EQUAL), whileItRan.live().map(Verification.Compared::result));
    for (Verification verification : List.of(whileItRan, verify(recorded))) {
      assertTrue(verification.holds(), verification::toString);
      assertTrue(verification.count(Verification.Result.EQUAL) > 10, verification::toString);
      assertEquals(verification.snapshots().size(), verification.count(Verification.Result.EQUAL));
    }
    assertEquals(Optional.empty(), verify(recorded).live());
  }

  @Test
  void damagedSnapshot_givesWayToTheOneBefore_andIsSaid() throws IOException {
    ExperimentHome home = copied();
    Path third = snapshotFiles(home).get(2);
    byte[] content = Files.readAllBytes(third);
    content[content.length - 9] ^= 1;
    Files.write(third, content);
    assertRewindsEverywhere(home);
    Verification verification = verify(home);
    assertTrue(verification.holds());
    assertEquals(List.of("it is damaged"), verification.snapshots().stream()
        .map(Verification.Compared::what).filter(what -> !what.isEmpty()).toList());
  }

  @Test
  void snapshotOfAnotherMoment_isNotTakenForItsNames_andTheHistoryDiffersFromIt() throws IOException {
    ExperimentHome home = copied();
    List<Path> files = snapshotFiles(home);
    Files.copy(files.get(1), files.get(3), StandardCopyOption.REPLACE_EXISTING);
    assertRewindsEverywhere(home);
    Verification verification = verify(home);
    assertFalse(verification.holds());
    assertEquals(1, verification.count(Verification.Result.DIFFERENT));
    String what = verification.snapshots().get(3).what();
    assertTrue(what.startsWith("/") && what.endsWith(" differs"), what);
  }

  @Test
  void otherStateOfTheProcess_isFound() throws IOException {
    long last = verify(recorded).end().sequence();
    for (StateDigest other : List.of(
        new StateDigest(last, Experiments.hash(1)), new StateDigest(last + 1, Experiments.hash(1)))) {
      try (JournalReader history = Journal.of(recorded).read()) {
        Verification verification = Verification.of(history, Optional.of(other));
        assertFalse(verification.holds());
        assertEquals(Verification.Result.DIFFERENT, verification.live().orElseThrow().result());
      }
    }
  }

  @Test
  void eventThatIsNotThere_isRefusedByNumber() throws IOException {
    try (JournalReader history = Journal.of(recorded).read()) {
      Rewind rewind = Rewind.of(history);
      long none = history.last() + 1;
      String message = assertThrows(IllegalArgumentException.class, () -> rewind.to(none)).getMessage();
      assertEquals("there is no event " + none + "; the last one is " + history.last(), message);
      assertThrows(IllegalArgumentException.class, () -> rewind.to(-1));
    }
  }

  @Test
  void events_arePlayedWithThePopulationBeforeAndAfter() throws IOException {
    try (JournalReader history = Journal.of(recorded).read()) {
      Rewind rewind = Rewind.of(history);
      List<PopulationEvent> expected = new ArrayList<>();
      history.spine(20, 33, (link, event) -> expected.add(event));
      List<PopulationEvent> played = new ArrayList<>();
      PopulationState end = rewind.play(rewind.to(19), 33, (before, event, after) -> {
        assertEquals(19 + played.size(), before.head().sequence());
        assertEquals(20 + played.size(), after.head().sequence());
        played.add(event);
      });
      assertEquals(expected, played);
      assertEquals(rewind.to(33), end);
    }
  }

  private static void assertRewindsEverywhere(ExperimentHome home) throws IOException {
    try (JournalReader history = Journal.of(home).read()) {
      List<Link> links = new ArrayList<>();
      history.spine((link, event) -> links.add(link));
      assertTrue(SnapshotFiles.of(home, history.spineName()).events().size() > 10);
      Rewind rewind = Rewind.of(history);
      PopulationState folded = PopulationState.empty();
      assertEquals(folded, rewind.to(0));
      for (Link link : links) {
        folded = folded.updated(link);
        PopulationState rewound = rewind.to(link.sequence());
        assertEquals(folded, rewound);
        assertEquals(StateDigest.of(folded), StateDigest.of(rewound));
      }
    }
  }

  private static Verification verify(ExperimentHome home) throws IOException {
    try (JournalReader history = Journal.of(home).read()) {
      return Verification.of(history, Optional.empty());
    }
  }

  private static List<Path> snapshotFiles(ExperimentHome home) throws IOException {
    List<Path> files = new ArrayList<>();
    for (long event : SnapshotFiles.of(home, StreamName.spine(NAME)).events()) {
      try (Stream<Path> all = Files.list(home.snapshots())) {
        files.add(all.filter(file -> file.getFileName().toString().matches(".*-" + event + "-\\d+"))
            .findFirst().orElseThrow());
      }
    }
    return files;
  }

  private ExperimentHome copied() throws IOException {
    try (Stream<Path> files = Files.walk(recorded.directory())) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(NAME).resolve(recorded.directory().relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return new ExperimentHome(folder.resolve(NAME));
  }
}
