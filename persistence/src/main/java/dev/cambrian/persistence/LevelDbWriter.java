package dev.cambrian.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;

/** Writes a new LevelDB journal as Akka would have written it: streams get numbers without gaps. */
final class LevelDbWriter implements Closeable {
  private static final int BATCH_BYTES = 1 << 20;

  private final DB target;
  private WriteBatch batch;
  private int batchBytes;
  private int nextNumber = JournalKey.FIRST_STREAM;

  /** Into a directory that does not exist yet. */
  LevelDbWriter(Path directory) throws IOException {
    this.target = JniDBFactory.factory.open(
        directory.toFile(), new Options().createIfMissing(true).errorIfExists(true));
    this.batch = target.createWriteBatch();
  }

  /** Begins a stream; the number by which its records name it. */
  int named(String stream) {
    put(JournalKey.name(nextNumber), stream.getBytes(StandardCharsets.UTF_8));
    return nextNumber++;
  }

  /** A record, in Akka's envelope. */
  void put(int stream, long sequence, byte[] bytes) {
    put(JournalKey.record(stream, sequence), bytes);
    put(JournalKey.counter(stream), ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
  }

  private void put(JournalKey key, byte[] value) {
    batch.put(key.bytes(), value);
    batchBytes += value.length;
    if (batchBytes > BATCH_BYTES) {
      flush();
    }
  }

  /** On return all of it is on disk. */
  void flush() {
    target.write(batch, new WriteOptions().sync(true));
    closeBatch();
    batch = target.createWriteBatch();
    batchBytes = 0;
  }

  private void closeBatch() {
    try {
      batch.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    closeBatch();
    target.close();
  }
}
