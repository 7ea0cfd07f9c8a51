package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    try (JournalReader reader = JournalReader.open(home)) {
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
    try (JournalReader reader = JournalReader.open(home)) {
      reader.spine((link, event) -> assertFalse(true, "an event"));
      assertEquals(List.of(), reader.biography(1));
    }
    try (Stream<Path> copies = Files.list(directory)) {
      assertTrue(copies.noneMatch(file -> file.getFileName().toString().startsWith("journal")));
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
    JournalReader.open(home).close();
    assertFalse(Files.exists(orphan));
  }
}
