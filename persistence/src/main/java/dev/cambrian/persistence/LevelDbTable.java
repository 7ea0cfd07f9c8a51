package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A LevelDB table's ends: its footer and the index that leads to its blocks. LevelDB verifies the blocks while it reads
 * them, but takes the index on trust.
 */
final class LevelDbTable {
  private static final int FOOTER = 48;
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int TRAILER = 5;

  private LevelDbTable() {}

  /** Whether the footer and the two blocks that it names are as they were written. */
  static boolean indexIsSound(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < FOOTER) {
        return false;
      }
      ByteBuffer footer = read(channel, channel.size() - FOOTER, FOOTER);
      return footer.getLong(FOOTER - Long.BYTES) == MAGIC
          && nextIsSound(channel, footer)
          && nextIsSound(channel, footer);
    } catch (BufferUnderflowException | IllegalArgumentException cut) {
      return false;
    }
  }

  /** Whether the block whose place stands next in the footer has its checksum. */
  private static boolean nextIsSound(FileChannel channel, ByteBuffer footer) throws IOException {
    long offset = LevelDbManifest.varint(footer);
    long size = LevelDbManifest.varint(footer);
    if (offset < 0 || size < 0 || size > channel.size() || offset > channel.size() - size - TRAILER) {
      return false;
    }
    ByteBuffer block = read(channel, offset, (int) size + TRAILER);
    CRC32C crc = new CRC32C();
    crc.update(block.array(), 0, (int) size + 1);
    return LevelDbLog.maskedChecksum((int) crc.getValue()) == block.getInt((int) size + 1);
  }

  private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new BufferUnderflowException();
      }
    }
    return bytes.flip();
  }
}
