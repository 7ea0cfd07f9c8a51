package dev.cambrian.persistence;

import java.nio.ByteBuffer;

/**
 * A key of Akka's LevelDB journal. Streams are numbered; (1, 0, n) holds the name of stream n, (n, 0, 0) the sequence
 * number of its last record, (n, s, 0) its record s. The last four of a key's 20 bytes are
 * always 0.
 */
record JournalKey(int stream, long sequence, int named) {

  /** The number that Akka gives to the first stream. */
  static final int FIRST_STREAM = 10;

  private static final int NAMES = 1;
  private static final int LENGTH = 20;

  static JournalKey name(int stream) {
    return new JournalKey(NAMES, 0, stream);
  }

  static JournalKey counter(int stream) {
    return new JournalKey(stream, 0, 0);
  }

  static JournalKey record(int stream, long sequence) {
    return new JournalKey(stream, sequence, 0);
  }

  static JournalKey of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == LENGTH
        ? new JournalKey(buffer.getInt(), buffer.getLong(), buffer.getInt())
        : new JournalKey(0, 0, 0);
  }

  /** Whether it lies behind another key of the streams. */
  boolean after(JournalKey other) {
    return stream != other.stream ? stream > other.stream : sequence > other.sequence;
  }

  byte[] bytes() {
    return ByteBuffer.allocate(LENGTH).putInt(stream).putLong(sequence).putInt(named).array();
  }

  boolean isName() {
    return stream == NAMES && named >= FIRST_STREAM;
  }

  boolean isCounter() {
    return stream >= FIRST_STREAM && sequence == 0 && named == 0;
  }

  boolean isRecord() {
    return stream >= FIRST_STREAM && sequence > 0 && named == 0;
  }
}
