package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewHomeTest {
  /** Beyond the largest process id that a system gives. */
  private static final long NOBODY = 2_147_483_646L;

  @TempDir Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void finished_isAHomeThatCanBeTaken() throws IOException {
    try (NewHome made = NewHome.begin(folder.resolve("new"))) {
      assertFalse(Files.exists(folder.resolve("new")));
      assertThrows(UnusableHome.class, () -> HomeLock.take(made.home()));
      made.finish();
    }
    assertEquals(List.of("new"), names());
    ExperimentHome home = ExperimentHome.open(folder.resolve("new"));
    HomeLock.take(home).close();
    assertInstanceOf(JournalVerdict.Sound.class, JournalCheck.check(home));
  }

  @Test
  void notFinished_leavesNothing() throws IOException {
    try (NewHome made = NewHome.begin(folder.resolve("new"))) {
      Files.createDirectories(made.home().weights().resolve("00"));
      Files.writeString(made.home().weights().resolve("00").resolve("file"), "x");
    }
    assertEquals(List.of(), names());
  }

  @Test
  void leftByAProcessThatIsGone_isDeletedByTheNext() throws IOException {
    Files.createDirectories(folder.resolve(".old.building-" + NOBODY + "-1").resolve("journal"));
    Path another = Files.createDirectory(folder.resolve(".old.building-" + ProcessHandle.current().pid() + "-1"));
    NewHome.begin(folder.resolve("new")).close();
    assertEquals(List.of(another.getFileName().toString()), names());
  }

  @Test
  void placeThatIsTaken_isRefused_alsoWhenItWasTakenMeanwhile() throws IOException {
    Path place = folder.resolve("new");
    try (NewHome made = NewHome.begin(place)) {
      Files.createDirectory(place);
      assertThrows(UnusableHome.class, made::finish);
    }
    UnusableHome refused = assertThrows(UnusableHome.class, () -> NewHome.begin(place));
    assertTrue(refused.getMessage().contains("is there already"), refused.getMessage());
    assertEquals(List.of("new"), names());
  }
}
