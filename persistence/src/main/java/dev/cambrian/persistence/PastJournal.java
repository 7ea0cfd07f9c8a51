package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The journal of a past, written anew from the journal that holds it: the spine up to an event, of the biographies what
 * belongs to that past, and whatever is appended then. Streams get new numbers without gaps; records, and so the
 * chains, stay as they are.
 */
final class PastJournal implements JournalCopy.Visitor, AutoCloseable {
  /** How many of a biography's first events belong to a past. */
  interface Extent {
    int of(long individual, List<IndividualEvent> biography);
  }

  /**
   * What is written.
   *
   * @param names the source's streams by their numbers
   * @param spine the spine's name there
   * @param renamed the spine's name in the new journal
   * @param end the past's last event
   */
  record Past(Map<Integer, String> names, String spine, String renamed, StreamHead end, Extent biographies) {}

  private final Past past;
  private final LevelDbWriter target;
  private int spineNumber;
  private StreamHead spine = StreamHead.EMPTY;

  private int sourceNumber;
  private Chain chain = new Chain("");
  private OptionalLong individual = OptionalLong.empty();
  private final List<byte[]> records = new ArrayList<>();
  private final List<IndividualEvent> biography = new ArrayList<>();
  private final Map<Long, StreamHead> awaited = new HashMap<>();
  private final List<StreamHead> heads = new ArrayList<>();

  private PastJournal(Path directory, Past past) throws IOException {
    this.past = past;
    this.target = new LevelDbWriter(directory);
  }

  /**
   * Writes a past into a directory that does not exist yet; on return it is on disk.
   *
   * @param known what the past's spine knows of the individuals
   */
  static PastJournal write(Path directory, JournalCopy source, Past past, KnownIndividuals known) throws IOException {
    PastJournal journal = new PastJournal(directory, past);
    try {
      known.forEachBiography(journal.awaited::put);
      source.visit(JournalKey.FIRST_STREAM, source.lastStream(), journal);
      journal.finishStream();
      journal.target.flush();
      return journal;
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** The spine's end. */
  StreamHead spine() {
    return spine;
  }

  /** The individuals whose biographies do not go as far as the past's spine knows. */
  SortedSet<Long> lacking() {
    return new TreeSet<>(awaited.keySet());
  }

  /** Appends events to the spine; on return they are on disk. */
  void append(List<? extends PopulationEvent> events) {
    String writer = UUID.randomUUID().toString();
    for (PopulationEvent event : events) {
      Link link = Link.after(spine, EventCodec.encode(event));
      putSpine(link, JournalMessage.bytes(past.renamed(), link, writer, event.at().toEpochMilli()));
    }
    target.flush();
  }

  @Override
  public void counter(int stream, long last) {}

  @Override
  public void unreadable(int stream) {}

  @Override
  public void record(int stream, long sequence, byte[] bytes) {
    if (stream != sourceNumber) {
      finishStream();
      sourceNumber = stream;
      chain = new Chain(past.names().getOrDefault(stream, ""));
      individual = StreamName.individual(chain.name());
    }
    Optional<Link> link = chain.next(sequence, JournalMessage.of(bytes));
    if (link.isEmpty()) {
      return;
    }
    if (individual.isPresent()) {
      records.add(bytes);
      heads.add(link.get().head());
      biography.add(EventCodec.decodeIndividual(link.get().event()));
    } else if (chain.name().equals(past.spine()) && sequence <= past.end().sequence()) {
      putSpine(link.get(), past.renamed().equals(past.spine()) ? bytes : JournalMessage.moved(bytes, past.renamed()));
    }
  }

  private void putSpine(Link link, byte[] bytes) {
    if (spineNumber == 0) {
      spineNumber = target.named(past.renamed());
    }
    target.put(spineNumber, link.sequence(), bytes);
    spine = link.head();
  }

  /** A biography is short, and only its end tells how much of it belongs to the past. */
  private void finishStream() {
    if (!records.isEmpty()) {
      int extent = past.biographies().of(individual.getAsLong(), biography);
      int number = extent == 0 ? 0 : target.named(chain.name());
      for (int i = 0; i < extent; i++) {
        target.put(number, i + 1, records.get(i));
        awaited.remove(individual.getAsLong(), heads.get(i));
      }
    }
    records.clear();
    heads.clear();
    biography.clear();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
