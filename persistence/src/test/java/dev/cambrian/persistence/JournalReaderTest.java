package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReaderTest {
  @TempDir Path directory;

  @Test
  void stoppedExperiment_isReadAsItWasWritten_andLeftAsItWas() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    StreamHead spineHead;
    StreamHead biographyHead;
    try (Story story = Story.openHasty(home)) {
      story.write(1, 30);
      spineHead = story.acknowledged().get(StreamName.spine(Story.EXPERIMENT));
      biographyHead = story.acknowledged().get(StreamName.biography(3));
    }
    JournalImage before = JournalImage.of(home, Map.of());
    try (JournalReader reader = LevelDbReader.open(home)) {
      List<PopulationEvent> spine = new ArrayList<>();
      StreamHead[] last = {StreamHead.EMPTY};
      reader.spine((link, event) -> {
        assertTrue(link.follows(last[0]));
        last[0] = link.head();
        spine.add(event);
      });
      assertEquals(spineHead, last[0]);
      assertEquals(spineHead.sequence(), spine.size());
      assertEquals(Story.EXPERIMENT, ((PopulationEvent.ExperimentStarted) spine.get(0)).experiment());

      List<IndividualEvent> biography = reader.biography(3);
      assertEquals(biographyHead.sequence(), biography.size());
      assertEquals(3, ((IndividualEvent.Conceived) biography.get(0)).id());
      assertEquals(List.of(), reader.biography(31));
    }
    JournalImage after = JournalImage.of(home, Map.of());
    assertEquals(before.files().keySet(), after.files().keySet());
  }

  @Test
  void experimentThatHasNotBegun_hasNoEvents() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    try (JournalReader reader = LevelDbReader.open(home)) {
      reader.spine((link, event) -> assertFalse(true, "an event"));
      assertEquals(List.of(), reader.biography(1));
    }
    try (Stream<Path> copies = Files.list(directory)) {
      assertTrue(copies.noneMatch(file -> file.getFileName().toString().startsWith("journal")));
    }
  }

  @Test
  void partOfTheSpine_isReadAndVerifiedFromTheEventBefore() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    try (Story story = Story.openHasty(home)) {
      story.write(1, 30);
    }
    try (JournalReader reader = LevelDbReader.open(home)) {
      List<Link> all = new ArrayList<>();
      reader.spine((link, event) -> all.add(link));
      assertEquals(all.size(), reader.last());
      assertEquals(StreamName.spine(Story.EXPERIMENT), reader.spineName());
      for (int from = 0; from <= all.size() + 2; from += 3) {
        for (int to = from - 1; to <= all.size() + 2; to += 5) {
          List<Link> part = new ArrayList<>();
          reader.spine(from, to, (link, event) -> part.add(link));
          int first = Math.max(1, from);
          assertEquals(to < first || first > all.size()
              ? List.of() : all.subList(first - 1, Math.min(to, all.size())), part);
        }
      }
      assertEquals(all.get(11).head(), reader.headAt(12));
      assertEquals(StreamHead.EMPTY, reader.headAt(0));
      assertEquals(EventCodec.decodePopulation(all.get(11).event()), reader.event(12));
      String message = assertThrows(IllegalArgumentException.class, () -> reader.event(all.size() + 1)).getMessage();
      assertEquals("there is no event " + (all.size() + 1) + "; the last one is " + all.size(), message);

      List<StreamHead> heads = new ArrayList<>();
      reader.spine(all.get(11).head(), 20, (event, head) -> heads.add(head));
      assertEquals(all.subList(12, 20).stream().map(Link::head).toList(), heads);
      StreamHead other = new StreamHead(12, "12".repeat(32));
      assertThrows(UnusableHome.class, () -> reader.spine(other, 20, (event, head) -> {}));
    }
  }

  @Test
  void biographies_areAllThereOnceEach() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    try (Story story = Story.openHasty(home)) {
      story.write(1, 30);
    }
    try (JournalReader reader = LevelDbReader.open(home)) {
      Map<Long, List<IndividualEvent>> lives = new HashMap<>();
      reader.biographies((id, events) -> assertNull(lives.put(id, events)));
      assertEquals(30, lives.size());
      for (long id = 1; id <= 30; id++) {
        assertEquals(reader.biography(id), lives.get(id));
      }
    }
  }

  @Test
  void journalThatIsBeingWritten_isReadUpToWhatWasAcknowledgedBefore() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock lock = HomeLock.take(home);
    try (BusyWriter writer = new BusyWriter(home)) {
      long first = writer.acknowledged().sequence();
      for (int i = 0; i < 25 || newestFile(home) <= 50 && i < 1000; i++) {
        StreamHead before = writer.acknowledged();
        try (JournalReader reader = LevelDbReader.open(home)) {
          assertEquals(before, reader.headAt(before.sequence()));
          assertEquals(Optional.empty(), reader.tornEnd());
          Map<Long, Long> told = new HashMap<>();
          reader.spine((link, event) -> {
            if (event instanceof PopulationEvent.ChildTrained trained) {
              told.put(trained.child(), trained.biography().sequence());
            }
          });
          reader.biographies((id, events) -> {
            if (told.containsKey(id)) {
              assertEquals(told.remove(id), events.size());
            }
          });
          assertEquals(Map.of(), told, "a biography is always ahead of the spine");
        }
      }
      assertTrue(writer.acknowledged().sequence() > first + 100, "it was written meanwhile");
    } finally {
      lock.close();
    }
    assertTrue(newestFile(home) > 50, "files came and went");
    assertTrue(JournalCheck.check(home) instanceof JournalVerdict.Sound, "the writer was not disturbed");
  }

  /** LevelDB numbers its files in the order in which it begins them. */
  private static long newestFile(ExperimentHome home) throws IOException {
    try (Stream<Path> files = Files.list(home.journal())) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.matches("\\d+\\..*"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("\\..*", ""))).max().orElse(0);
    }
  }

  @Test
  void tableThatIsStillBeingWritten_isNotWrittenThrough() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    try (Story story = Story.openHasty(home)) {
      story.write(1, 5);
    }
    byte[] content = {1, 2, 3};
    for (int number = 1; number < 40; number++) {
      Path table = home.journal().resolve(String.format("%06d.sst", number));
      if (Files.notExists(table)) {
        Files.write(table, content);
      }
    }
    JournalImage before = JournalImage.of(home, Map.of());
    try (JournalReader reader = LevelDbReader.open(home)) {
      reader.spine((link, event) -> {});
    }
    JournalImage after = JournalImage.of(home, Map.of());
    assertEquals(before.files().keySet(), after.files().keySet());
    before.files().forEach((name, bytes) -> assertArrayEquals(bytes, after.file(name), name));
  }

  @Test
  void journalOfAnotherProcess_isReadWhileThatWrites() throws Exception {
    ExperimentHome home = new ExperimentHome(directory);
    Process writer = ChildJvm.start(KilledWriterTest.Writer.class, directory.toString(), "1");
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(writer.getInputStream()))) {
      for (int i = 0; i < 200; i++) {
        String[] told = lines.readLine().split(" ");
        if (i % 50 == 0) {
          try (JournalReader reader = LevelDbReader.open(home)) {
            StreamHead head = new StreamHead(Long.parseLong(told[1]), told[2]);
            assertTrue(!StreamName.isSpine(told[0]) || reader.headAt(head.sequence()).equals(head));
            long[] events = {0};
            reader.spine((link, event) -> events[0]++);
            assertEquals(reader.last(), events[0]);
          }
        }
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  @Test
  void copyOfAKilledProcess_isRemoved() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    try (Story story = Story.openHasty(home)) {
      story.write(1, 1);
    }
    Path orphan = Files.createDirectory(directory.resolve("journal.copy-" + Integer.MAX_VALUE + "-12"));
    Files.writeString(orphan.resolve("CURRENT"), "x");
    LevelDbReader.open(home).close();
    assertFalse(Files.exists(orphan));
  }
}
