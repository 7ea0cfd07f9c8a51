package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCheckTest {
  @TempDir Path directory;

  @Test
  void freshHome_isSoundAndEmpty() throws IOException {
    assertEquals(new JournalVerdict.Sound(StreamHead.EMPTY, 0), JournalCheck.check(home()));
  }

  @Test
  void writtenHome_isSoundToItsLastEvent() throws IOException {
    ExperimentHome home = home();
    try (Story story = Story.open(home)) {
      story.write(1, 20);
      StreamHead spine = story.acknowledged().get(StreamName.spine(Story.EXPERIMENT));
      long events = story.acknowledged().values().stream().mapToLong(StreamHead::sequence).sum();
      assertEquals(new JournalVerdict.Sound(spine, events), JournalCheck.check(home));
    }
  }

  private ExperimentHome home() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    return home;
  }
}
