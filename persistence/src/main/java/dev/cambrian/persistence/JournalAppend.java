package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;

/**
 * Events for the spine of an experiment that no process evolves: what somebody asks of it meanwhile. They are written
 * as Akka would have written them, all or none, and are on disk before they are acknowledged.
 */
public final class JournalAppend {
  private JournalAppend() {}

  /**
   * Appends to the spine; the caller holds the home's lock. The time since the last run was no running time: an event
   * that does not begin a run itself goes behind a {@link PopulationEvent.Resumed}.
   *
   * @param decidedOn the spine's end on which the events were decided
   * @return the spine's new end
   * @throws UnusableHome where the journal has lost events or holds none
   * @throws IllegalStateException where the spine does not end so
   */
  public static StreamHead append(ExperimentHome home, StreamHead decidedOn, List<? extends PopulationEvent> events)
      throws IOException {
    if (JournalCheck.check(home) instanceof JournalVerdict.Lost lost) {
      throw new UnusableHome(lost.sentence());
    }
    if (decidedOn.equals(StreamHead.EMPTY)) {
      throw new UnusableHome("the experiment in " + home.directory() + " has not begun; evolve it first.");
    }
    StreamHead head = decidedOn;
    try (DB journal = JniDBFactory.factory.open(home.journal().toFile(), new Options().createIfMissing(false));
        WriteBatch batch = journal.createWriteBatch()) {
      Map.Entry<byte[], byte[]> name = spineName(journal);
      String spine = new String(name.getValue(), StandardCharsets.UTF_8);
      int number = JournalKey.of(name.getKey()).named();
      requireEnd(journal, number, decidedOn);
      String writer = UUID.randomUUID().toString();
      for (PopulationEvent event : events) {
        Link link = Link.after(head, EventCodec.encode(event));
        head = link.head();
        batch.put(JournalKey.record(number, link.sequence()).bytes(),
            JournalMessage.bytes(spine, link, writer, event.at().toEpochMilli()));
      }
      batch.put(JournalKey.counter(number).bytes(), ByteBuffer.allocate(Long.BYTES).putLong(head.sequence()).array());
      journal.write(batch, new WriteOptions().sync(true));
    }
    try (HeadFile file = HeadFile.open(home.head())) {
      file.record(head);
    }
    return head;
  }

  /** The entry that gives the spine its number. */
  private static Map.Entry<byte[], byte[]> spineName(DB journal) throws IOException {
    try (DBIterator entries = journal.iterator(new ReadOptions().verifyChecksums(true))) {
      for (entries.seek(JournalKey.name(JournalKey.FIRST_STREAM).bytes()); entries.hasNext(); entries.next()) {
        Map.Entry<byte[], byte[]> entry = entries.peekNext();
        if (StreamName.isSpine(new String(entry.getValue(), StandardCharsets.UTF_8))) {
          return entry;
        }
      }
    }
    throw new IllegalStateException("a journal that was found to be sound has no spine");
  }

  private static void requireEnd(DB journal, int number, StreamHead decidedOn) {
    ReadOptions verified = new ReadOptions().verifyChecksums(true);
    long last = ByteBuffer.wrap(journal.get(JournalKey.counter(number).bytes(), verified)).getLong();
    Optional<StreamHead> end = JournalMessage.of(journal.get(JournalKey.record(number, last).bytes(), verified))
        .flatMap(JournalMessage::link).map(Link::head);
    if (!end.equals(Optional.of(decidedOn))) {
      throw new IllegalStateException("the spine ends at event " + last + ", but event " + decidedOn.sequence()
          + " was its last when more was decided");
    }
  }
}
