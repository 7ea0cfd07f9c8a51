package dev.cambrian.persistence;

import dev.cambrian.model.MutationKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.WriteBatch;

/**
 * A thread that writes a journal through LevelDB itself, as Akka would write it, with tables so small that its files
 * come and go all the time.
 */
final class BusyWriter implements AutoCloseable {
  private static final Instant AT = Instant.parse("2017-03-06T10:11:12Z");
  private static final int SPINE = JournalKey.FIRST_STREAM;
  private static final int TABLE_BYTES = 1 << 15;
  private static final int ACKNOWLEDGED_EVERY = 10;
  private static final long PAUSE_NANOS = 1_000_000;

  private final DB leveldb;
  private final HeadFile head;
  private final Thread thread = new Thread(this::write, "busy writer");
  private final SplittableRandom random = new SplittableRandom(1);
  private StreamHead spine = StreamHead.EMPTY;
  private volatile boolean stopped;

  BusyWriter(ExperimentHome home) throws IOException {
    leveldb = JniDBFactory.factory.open(
        home.journal().toFile(), new Options().createIfMissing(true).writeBufferSize(TABLE_BYTES));
    head = HeadFile.open(home.head());
    spine = append(SPINE, StreamName.spine(Story.EXPERIMENT), spine,
        new PopulationEvent.ExperimentStarted(AT, Story.EXPERIMENT, Examples.SETTINGS));
    head.record(spine);
    thread.start();
  }

  /** The head that was recorded last. */
  StreamHead acknowledged() {
    return head.head();
  }

  private void write() {
    try {
      for (long id = 1; !stopped; id++) {
        writeLife(id);
        if (id % ACKNOWLEDGED_EVERY == 0) {
          head.record(spine);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeLife(long id) throws IOException {
    String name = StreamName.biography(id);
    int number = SPINE + (int) id;
    tell(new PopulationEvent.InitialAssigned(AT, id, random.nextLong(), "worker-1"));
    StreamHead life = append(number, name, StreamHead.EMPTY, new IndividualEvent.Conceived(AT, id,
        OptionalLong.empty(), 0, List.of(MutationKind.IDENTITY), genotype(), true, 1000));
    life = append(number, name, life, new IndividualEvent.Trained(
        AT, 1, random.nextDouble(), "ab".repeat(32), 1e9, List.of(), 1000, "worker-1"));
    tell(new PopulationEvent.ChildTrained(AT, id, 1, random.nextDouble(), "ab".repeat(32), 1e9, 1000, life));
  }

  /** Long and hard to compress. */
  private String genotype() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append(random.nextLong());
    }
    return text.toString();
  }

  private void tell(PopulationEvent event) throws IOException {
    spine = append(SPINE, StreamName.spine(Story.EXPERIMENT), spine, event);
  }

  private StreamHead append(int number, String name, StreamHead after, Object event) throws IOException {
    Link link = Link.after(after, EventCodec.encode(event));
    try (WriteBatch batch = leveldb.createWriteBatch()) {
      if (after.equals(StreamHead.EMPTY)) {
        batch.put(JournalKey.name(number).bytes(), name.getBytes(StandardCharsets.UTF_8));
      }
      batch.put(JournalKey.record(number, link.sequence()).bytes(),
          JournalMessage.bytes(name, link, "writer", AT.toEpochMilli()));
      batch.put(JournalKey.counter(number).bytes(),
          ByteBuffer.allocate(Long.BYTES).putLong(link.sequence()).array());
      leveldb.write(batch);
    }
    return link.head();
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leveldb.close();
    head.close();
  }
}
