package dev.cambrian.persistence;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * LevelDB's log format, in which its write-ahead logs and its manifests are written: blocks of 32 KiB, in them
 * fragments of records with a checksum each. LevelDB's own reader skips what is damaged without a word; this one tells
 * where the damage begins, and whether it lies in the middle.
 *
 * <p>A fragment: masked CRC-32C of type and data (4 bytes, little-endian), length (2), type (1), data. A file that was
 * not closed ends in zeros, because LevelDB maps it into memory in advance.
 */
final class LevelDbLog {
  private static final int BLOCK = 1 << 15;
  private static final int HEADER = 7;
  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  /**
   * The first place in a file that does not hold what was written there.
   *
   * @param middle whether whole records follow, so that this is no end torn by a crash
   */
  record Damage(long offset, boolean middle) {}

  private final byte[] content;
  private final ByteBuffer buffer;
  private final CRC32C crc = new CRC32C();

  private LevelDbLog(byte[] content) {
    this.content = content;
    this.buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Gives every record up to the first damage to the sink, in order. */
  static Optional<Damage> read(byte[] content, Consumer<byte[]> sink) {
    return new LevelDbLog(content).readAll(sink);
  }

  private Optional<Damage> readAll(Consumer<byte[]> sink) {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    boolean inRecord = false;
    int recordStart = 0;
    int at = 0;
    while (true) {
      at = skipTrailer(at);
      int type = at < content.length ? fragmentAt(at) : 0;
      boolean fits = type == FULL || type == FIRST ? !inRecord : (type == MIDDLE || type == LAST) && inRecord;
      if (!fits) {
        int end = inRecord ? recordStart : at;
        return inRecord || !zerosFrom(at) ? Optional.of(new Damage(end, wholeRecordAfter(at))) : Optional.empty();
      }
      if (type == FULL || type == FIRST) {
        recordStart = at;
        record.reset();
      }
      int length = lengthAt(at);
      record.write(content, at + HEADER, length);
      at += HEADER + length;
      inRecord = type == FIRST || type == MIDDLE;
      if (!inRecord) {
        sink.accept(record.toByteArray());
      }
    }
  }

  /** The next place where a fragment may begin: a block's last bytes hold none where a header would not fit. */
  private static int skipTrailer(int at) {
    int left = BLOCK - at % BLOCK;
    return left < HEADER ? at + left : at;
  }

  private int lengthAt(int at) {
    return buffer.getShort(at + 4) & 0xffff;
  }

  /** The type of the sound fragment that begins here; 0 where none does. */
  private int fragmentAt(int at) {
    int endOfBlock = Math.min(content.length, at - at % BLOCK + BLOCK);
    if (at + HEADER > endOfBlock) {
      return 0;
    }
    int length = lengthAt(at);
    int type = content[at + 6];
    if (type < FULL || type > LAST || at + HEADER + length > endOfBlock) {
      return 0;
    }
    return masked(content, at + 6, length + 1) == buffer.getInt(at) ? type : 0;
  }

  private int masked(byte[] bytes, int offset, int length) {
    crc.reset();
    crc.update(bytes, offset, length);
    return maskedChecksum((int) crc.getValue());
  }

  /** LevelDB stores checksums so that a checksum over bytes with checksums in them stays a good one. */
  static int maskedChecksum(int crc) {
    return Integer.rotateRight(crc, 15) + 0xa282ead8;
  }

  private boolean zerosFrom(int at) {
    for (int i = at; i < content.length; i++) {
      if (content[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a record begins and ends anywhere after a damaged place, which may hide where fragments begin. */
  private boolean wholeRecordAfter(int damaged) {
    boolean inRecord = false;
    int at = damaged + 1;
    while (at < content.length) {
      int type = fragmentAt(at);
      if (type == FULL || type == LAST && inRecord) {
        return true;
      }
      if (type == 0) {
        at++;
      } else {
        inRecord = type == FIRST || type == MIDDLE && inRecord;
        at += HEADER + lengthAt(at);
      }
    }
    return false;
  }
}
