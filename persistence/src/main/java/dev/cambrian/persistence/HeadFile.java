package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The small file beside the journal that tells how far the spine was acknowledged: a lost tail of the journal cannot be
 * seen from inside it. Two slots, each in a page of its own, are written in turn and flushed to the disk, so that a
 * torn write never touches the head before it.
 *
 * <p>A slot: magic (4 bytes), sequence (8), hash (32), CRC-32C of these (4). The file never changes its size.
 */
public final class HeadFile implements AcknowledgedHead {
  private static final int MAGIC = 0x43_48_44_31;
  private static final int PAGE = 4096;
  private static final int HASH = 32;
  private static final int CHECKED = Integer.BYTES + Long.BYTES + HASH;
  private static final int SLOT = CHECKED + Integer.BYTES;

  private final FileChannel channel;
  private StreamHead head;
  private int nextSlot;

  private HeadFile(FileChannel channel, Slots slots) {
    this.channel = channel;
    this.head = slots.newest();
    this.nextSlot = 1 - slots.newestSlot();
  }

  /**
   * Opens the file to record in.
   *
   * @throws IOException where it is missing, or neither slot holds a head
   */
  public static HeadFile open(Path file) throws IOException {
    Slots slots = Slots.of(Files.readAllBytes(file)).orElseThrow(() -> damaged(file));
    return new HeadFile(FileChannel.open(file, StandardOpenOption.WRITE), slots);
  }

  /** Puts a file with this head in place of any that was there, in one step. */
  public static void create(Path file, StreamHead head) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    ByteBuffer content = ByteBuffer.allocate(2 * PAGE);
    content.put(0, slot(head).array());
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      writeAll(channel, content, 0);
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Directories.flush(file.toAbsolutePath().getParent());
  }

  /**
   * The head that was recorded last; empty where the file is missing.
   *
   * @throws IOException where the file is there and neither slot holds a head
   */
  public static Optional<StreamHead> read(Path file) throws IOException {
    try {
      return Optional.of(newest(Files.readAllBytes(file)).orElseThrow(() -> damaged(file)));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  /** The newest head in a file's content; empty where neither slot holds one. */
  static Optional<StreamHead> newest(byte[] content) {
    return Slots.of(content).map(Slots::newest);
  }

  @Override
  public synchronized StreamHead head() {
    return head;
  }

  @Override
  public synchronized void record(StreamHead next) throws IOException {
    if (next.equals(head)) {
      return;
    }
    if (next.sequence() <= head.sequence()) {
      throw new IllegalArgumentException(
          "event " + next.sequence() + " cannot be the spine's head after event " + head.sequence());
    }
    writeAll(channel, slot(next), (long) nextSlot * PAGE);
    channel.force(false);
    nextSlot = 1 - nextSlot;
    head = next;
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private static ByteBuffer slot(StreamHead head) {
    ByteBuffer slot = ByteBuffer.allocate(SLOT)
        .putInt(MAGIC)
        .putLong(head.sequence())
        .put(HexFormat.of().parseHex(head.hash()));
    return slot.putInt(checksum(slot.array())).flip();
  }

  private static int checksum(byte[] slot) {
    CRC32C crc = new CRC32C();
    crc.update(slot, 0, CHECKED);
    return (int) crc.getValue();
  }

  private static IOException damaged(Path file) {
    return new IOException("the head file " + file + " is damaged: neither of its two heads can be read");
  }

  /** The newest head of a file's content and the slot that it lies in. */
  private record Slots(StreamHead newest, int newestSlot) {

    static Optional<Slots> of(byte[] content) {
      Optional<StreamHead> first = head(content, 0);
      Optional<StreamHead> second = head(content, PAGE);
      if (first.isEmpty() && second.isEmpty()) {
        return Optional.empty();
      }
      boolean secondIsNewest =
          second.isPresent() && (first.isEmpty() || second.get().sequence() > first.get().sequence());
      return Optional.of(secondIsNewest ? new Slots(second.get(), 1) : new Slots(first.get(), 0));
    }

    private static Optional<StreamHead> head(byte[] content, int offset) {
      if (content.length < offset + SLOT) {
        return Optional.empty();
      }
      byte[] slot = new byte[SLOT];
      System.arraycopy(content, offset, slot, 0, SLOT);
      ByteBuffer buffer = ByteBuffer.wrap(slot);
      int magic = buffer.getInt();
      long sequence = buffer.getLong();
      byte[] hash = new byte[HASH];
      buffer.get(hash);
      if (magic != MAGIC || buffer.getInt() != checksum(slot)) {
        return Optional.empty();
      }
      return Optional.of(new StreamHead(sequence, HexFormat.of().formatHex(hash)));
    }
  }
}
