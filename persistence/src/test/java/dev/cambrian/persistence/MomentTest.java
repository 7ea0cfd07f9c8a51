package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
  private static final ZoneId ZONE = ZoneId.of("Europe/Vienna");
  private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "2026-07-01T12:30:05Z, 2026-07-01T12:30:05Z",
    "2026-07-01T12:30:05.25+02:00, 2026-07-01T10:30:05.25Z",
    "2026-07-01T12:30:05, 2026-07-01T10:30:05Z",
    "2026-07-01 12:30, 2026-07-01T10:30:00Z",
    "2026-01-01, 2025-12-31T23:00:00Z",
  })
  void time_isReadWithItsOffsetOrInTheZone(String text, Instant at) {
    assertEquals(new Moment.Time(at), Moment.parse(text, ZONE));
  }

  @Test
  void number_isAnEvent() {
    assertEquals(new Moment.Event(1234), Moment.parse("1234", ZONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1e3", "yesterday", "2026-13-01", "2026-01-01T25:00", "9999999999999999999"})
  void anythingElse_isRefused(String text) {
    String message = assertThrows(IllegalArgumentException.class, () -> Moment.parse(text, ZONE)).getMessage();
    assertTrue(message.endsWith(", not '" + text + "'"), message);
  }

  @Test
  void moment_isTheLastEventThatWasNotLater() throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    write(home, 0, 10, 10, 20, 35);
    try (JournalReader history = LevelDbReader.open(home)) {
      assertEquals(1, at(0).in(history));
      assertEquals(1, at(9).in(history));
      assertEquals(3, at(10).in(history));
      assertEquals(4, at(34).in(history));
      assertEquals(5, at(1000).in(history));
      assertEquals(4, new Moment.Event(4).in(history));
      assertEquals("must be an event from 1 to 5, not 6",
          assertThrows(IllegalArgumentException.class, () -> new Moment.Event(6).in(history)).getMessage());
      assertThrows(IllegalArgumentException.class, () -> new Moment.Event(0).in(history));
      assertThrows(IllegalArgumentException.class, () -> at(-1).in(history));
    }
  }

  private static Moment at(long second) {
    return new Moment.Time(BEGINNING.plusSeconds(second));
  }

  private static void write(ExperimentHome home, long... seconds) throws IOException {
    StreamHead head = StreamHead.EMPTY;
    String name = StreamName.spine("timed");
    try (DB leveldb = JniDBFactory.factory.open(home.journal().toFile(), new Options().createIfMissing(true))) {
      leveldb.put(JournalKey.name(JournalKey.FIRST_STREAM).bytes(), name.getBytes(StandardCharsets.UTF_8));
      for (long second : seconds) {
        Link link = Link.after(
            head, EventCodec.encode(new PopulationEvent.Resumed(BEGINNING.plusSeconds(second))));
        head = link.head();
        leveldb.put(JournalKey.record(JournalKey.FIRST_STREAM, link.sequence()).bytes(),
            JournalMessage.bytes(name, link, "writer", 0));
      }
      leveldb.put(JournalKey.counter(JournalKey.FIRST_STREAM).bytes(),
          ByteBuffer.allocate(Long.BYTES).putLong(head.sequence()).array());
    }
    HeadFile.create(home.head(), head);
  }
}
