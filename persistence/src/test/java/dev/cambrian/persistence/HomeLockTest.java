package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeLockTest {
  @TempDir Path directory;

  /** Holds a home until its input ends. */
  public static final class Holder {
    public static void main(String[] arguments) throws IOException {
      HomeLock lock = HomeLock.take(new ExperimentHome(Path.of(arguments[0])));
      System.out.write('!');
      System.out.flush();
      System.in.read();
      lock.close();
    }
  }

  @Test
  void missingDirectory_becomesAHome_thatCanBeOpened() throws IOException {
    ExperimentHome home = new ExperimentHome(directory.resolve("all/c10"));
    assertThrows(UnusableHome.class, () -> ExperimentHome.open(home.directory()));
    HomeLock.take(home).close();
    assertEquals(home, ExperimentHome.open(home.directory()));
    assertEquals(Optional.of(StreamHead.EMPTY), HeadFile.read(home.head()));
    assertFalse(Files.exists(home.journal()));
  }

  @Test
  void homeTakenAgain_keepsItsHead() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    StreamHead head = Link.after(StreamHead.EMPTY, new byte[3]).head();
    try (HomeLock lock = HomeLock.take(home); HeadFile heads = HeadFile.open(home.head())) {
      heads.record(head);
    }
    HomeLock.take(home).close();
    assertEquals(Optional.of(head), HeadFile.read(home.head()));
  }

  @Test
  void lostHeadFile_isNotMadeAnew() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    Files.delete(home.head());
    HomeLock.take(home).close();
    assertFalse(Files.exists(home.head()));
  }

  @Test
  void homeHeldByThisProcess_isRefused_andStaysHeld() throws Exception {
    ExperimentHome home = new ExperimentHome(directory);
    try (HomeLock lock = HomeLock.take(home)) {
      assertMessage("in use by this very process", home);
      assertEquals(Optional.of(ProcessHandle.current().pid()), HomeLock.holder(home));
      Process other = ChildJvm.start(Holder.class, directory.toString());
      other.getOutputStream().close();
      assertEquals(-1, other.getInputStream().read(), "the other process got the lock");
      assertTrue(other.waitFor() != 0);
    }
    assertEquals(Optional.empty(), HomeLock.holder(home));
    HomeLock.take(home).close();
  }

  @Test
  void homeHeldByAnotherProcess_isRefusedWithItsId_andFreeOnceItIsKilled() throws Exception {
    ExperimentHome home = new ExperimentHome(directory);
    Process other = ChildJvm.start(Holder.class, directory.toString());
    try {
      assertEquals('!', other.getInputStream().read());
      assertMessage("in use by process " + other.pid(), home);
      assertEquals(Optional.of(other.pid()), HomeLock.holder(home));
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertEquals(Optional.empty(), HomeLock.holder(home));
    HomeLock.take(home).close();
  }

  @Test
  void directoryOfSomethingElse_isRefusedAndUnchanged() throws IOException {
    Files.writeString(directory.resolve("thesis.tex"), "x");
    assertMessage("is not an experiment of Cambrian", new ExperimentHome(directory));
    try (Stream<Path> entries = Files.list(directory)) {
      assertEquals(List.of(directory.resolve("thesis.tex")), entries.toList());
    }
  }

  @Test
  void fileInPlaceOfADirectory_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertMessage("is a file", new ExperimentHome(file));
  }

  @Test
  void homeOfAnotherLayout_isRefused() throws IOException {
    HomeLock.take(new ExperimentHome(directory)).close();
    Files.writeString(directory.resolve("experiment"), "cambrian experiment 2\n");
    assertMessage("another version of Cambrian", new ExperimentHome(directory));
    assertThrows(UnusableHome.class, () -> ExperimentHome.open(directory));
  }

  @Test
  void readOnlyDirectory_isRefused() {
    assertTrue(directory.toFile().setWritable(false));
    assumeFalse(Files.isWritable(directory), "this user may write anywhere");
    assertMessage("read-only", new ExperimentHome(directory));
  }

  @Test
  void nearlyFullDisk_isRefusedWithBothNumbers() throws IOException {
    ExperimentHome home = new ExperimentHome(directory.resolve("not/yet"));
    home.requireFreeSpace(1);
    String message =
        assertThrows(UnusableHome.class, () -> home.requireFreeSpace(Long.MAX_VALUE)).getMessage();
    assertTrue(message.contains("MiB left") && message.contains(home.directory().toString()), message);
    assertFalse(Files.exists(directory.resolve("not")));
  }

  private static void assertMessage(String part, ExperimentHome home) {
    String message = assertThrows(UnusableHome.class, () -> HomeLock.take(home)).getMessage();
    assertTrue(message.contains(part) && message.contains(home.directory().toString()), message);
  }
}
