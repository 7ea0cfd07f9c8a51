package dev.cambrian.persistence;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a LevelDB manifest says must be there: the tables with their sizes, and the oldest write-ahead log that is not
 * in a table yet.
 */
final class LevelDbManifest {
  private static final int COMPARATOR = 1;
  private static final int LOG_NUMBER = 2;
  private static final int NEXT_FILE = 3;
  private static final int LAST_SEQUENCE = 4;
  private static final int COMPACT_POINTER = 5;
  private static final int DELETED_FILE = 6;
  private static final int NEW_FILE = 7;
  private static final int PREVIOUS_LOG = 9;

  private final Map<Long, Long> tables = new TreeMap<>();
  private OptionalLong logNumber = OptionalLong.empty();
  private Optional<LevelDbLog.Damage> damage = Optional.empty();
  private boolean unreadable;

  private LevelDbManifest() {}

  /** The manifest of a file's content. */
  static LevelDbManifest of(byte[] content) {
    LevelDbManifest manifest = new LevelDbManifest();
    manifest.damage = LevelDbLog.read(content, manifest::apply);
    return manifest;
  }

  /** The size of every table by its number. */
  Map<Long, Long> tables() {
    return tables;
  }

  /** The oldest log whose records are in no table; empty where the manifest is cut before it says so. */
  OptionalLong logNumber() {
    return logNumber;
  }

  Optional<LevelDbLog.Damage> damage() {
    return damage;
  }

  /** Whether a record with a sound checksum holds what this format does not know. */
  boolean unreadable() {
    return unreadable;
  }

  private void apply(byte[] record) {
    ByteBuffer edit = ByteBuffer.wrap(record);
    try {
      while (edit.hasRemaining() && !unreadable) {
        applyField((int) varint(edit), edit);
      }
    } catch (BufferUnderflowException | IllegalArgumentException cut) {
      unreadable = true;
    }
  }

  private void applyField(int field, ByteBuffer edit) {
    switch (field) {
      case COMPARATOR:
        skipBytes(edit);
        break;
      case LOG_NUMBER:
        logNumber = OptionalLong.of(varint(edit));
        break;
      case NEXT_FILE:
      case LAST_SEQUENCE:
      case PREVIOUS_LOG:
        varint(edit);
        break;
      case COMPACT_POINTER:
        varint(edit);
        skipBytes(edit);
        break;
      case DELETED_FILE:
        varint(edit);
        tables.remove(varint(edit));
        break;
      case NEW_FILE:
        varint(edit);
        tables.put(varint(edit), varint(edit));
        skipBytes(edit);
        skipBytes(edit);
        break;
      default:
        unreadable = true;
    }
  }

  private static void skipBytes(ByteBuffer edit) {
    int length = (int) varint(edit);
    edit.position(edit.position() + length);
  }

  /** LevelDB's variable-length number: seven bits a byte, the lowest first. */
  static long varint(ByteBuffer buffer) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = buffer.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 64 bits");
  }
}
