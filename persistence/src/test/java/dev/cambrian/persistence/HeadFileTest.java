package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadFileTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    file = directory.resolve("head");
    HeadFile.create(file, StreamHead.EMPTY);
  }

  @Test
  void newFile_holdsTheEmptyHead() throws IOException {
    assertEquals(Optional.of(StreamHead.EMPTY), HeadFile.read(file));
  }

  @Test
  void missingFile_holdsNothing() throws IOException {
    assertEquals(Optional.empty(), HeadFile.read(directory.resolve("none")));
  }

  @Test
  void recordedHead_isThereAfterEveryRecordAndReopening() throws IOException {
    StreamHead head = StreamHead.EMPTY;
    for (int run = 0; run < 3; run++) {
      try (HeadFile heads = HeadFile.open(file)) {
        assertEquals(head, heads.head());
        for (int i = 0; i < 5; i++) {
          head = next(head);
          heads.record(head);
          assertEquals(Optional.of(head), HeadFile.read(file));
        }
        heads.record(head);
      }
    }
    assertEquals(15, head.sequence());
  }

  @Test
  void writeTornAtAnyByte_leavesTheHeadBeforeOrTheNewOne() throws IOException {
    StreamHead head = StreamHead.EMPTY;
    for (int record = 0; record < 4; record++) {
      byte[] before = Files.readAllBytes(file);
      StreamHead next = next(head);
      try (HeadFile heads = HeadFile.open(file)) {
        heads.record(next);
      }
      byte[] after = Files.readAllBytes(file);
      for (int torn = 0; torn <= after.length; torn++) {
        byte[] forwards = before.clone();
        System.arraycopy(after, 0, forwards, 0, torn);
        assertEither(head, next, forwards);
        byte[] backwards = after.clone();
        System.arraycopy(before, 0, backwards, 0, torn);
        assertEither(head, next, backwards);
      }
      Files.write(file, after);
      head = next;
    }
  }

  @Test
  void anyByteOfTheNewestHeadFlipped_givesTheHeadBefore() throws IOException {
    StreamHead first = next(StreamHead.EMPTY);
    try (HeadFile heads = HeadFile.open(file)) {
      heads.record(first);
    }
    byte[] content = Files.readAllBytes(file);
    int seen = 0;
    for (int i = 0; i < content.length; i++) {
      byte[] flipped = content.clone();
      flipped[i] ^= 0x01;
      StreamHead read = HeadFile.newest(flipped).orElseThrow();
      assertTrue(read.equals(first) || read.equals(StreamHead.EMPTY), "byte " + i);
      seen += read.equals(StreamHead.EMPTY) ? 1 : 0;
    }
    assertEquals(48, seen);
  }

  @Test
  void bothHeadsDamaged_isAnErrorThatNamesTheFile() throws IOException {
    Files.write(file, new byte[8192]);
    String message = assertThrows(IOException.class, () -> HeadFile.read(file)).getMessage();
    assertTrue(message.contains(file.toString()), message);
    assertThrows(IOException.class, () -> HeadFile.open(file));
  }

  @Test
  void headThatLiesBefore_isRefused() throws IOException {
    StreamHead first = next(StreamHead.EMPTY);
    StreamHead second = next(first);
    try (HeadFile heads = HeadFile.open(file)) {
      heads.record(second);
      assertThrows(IllegalArgumentException.class, () -> heads.record(first));
      assertThrows(IllegalArgumentException.class, () -> heads.record(new StreamHead(2, "00".repeat(32))));
    }
    assertEquals(Optional.of(second), HeadFile.read(file));
  }

  private static void assertEither(StreamHead before, StreamHead after, byte[] content) {
    StreamHead read = HeadFile.newest(content).orElseThrow();
    assertTrue(read.equals(before) || read.equals(after));
  }

  private static StreamHead next(StreamHead head) {
    return Link.after(head, new byte[] {(byte) head.sequence()}).head();
  }
}
