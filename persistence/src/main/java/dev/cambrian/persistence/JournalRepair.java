package dev.cambrian.persistence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;

/**
 * Going on after a loss: a new journal with the sound beginning of the spine, those beginnings of biographies that
 * belong to it, and the event that says so, in place of the damaged one, which is kept aside.
 */
public final class JournalRepair {
  private static final String BUILDING = "journal.building";
  private static final String BUILT = "journal.built";

  /**
   * What was done.
   *
   * @param spine the new journal's last event
   * @param individuals whose biographies lost what the spine knows of them, as {@code LossAccepted} names them
   * @param damaged where the old journal is kept
   */
  public record Repaired(StreamHead spine, List<Long> individuals, Path damaged) {}

  private JournalRepair() {}

  /**
   * Cuts the history at its last sound event, and appends {@link PopulationEvent.LossAccepted} to it. Where not even
   * the first event is sound, the new journal is empty. Snapshots are put aside, too.
   *
   * @param at the time of the event
   * @throws IllegalStateException where {@link JournalCheck} finds nothing lost
   */
  public static Repaired truncate(ExperimentHome home, Instant at) throws IOException {
    finish(home);
    Path building = home.directory().resolve(BUILDING);
    Path built = home.directory().resolve(BUILT);
    Directories.delete(building);
    Directories.delete(built);
    StreamHead spine = StreamHead.EMPTY;
    List<Long> individuals;
    try (JournalExamination examination = JournalExamination.of(home)) {
      if (!(examination.verdict() instanceof JournalVerdict.Lost lost)) {
        throw new IllegalStateException("the journal " + home.journal() + " has lost nothing");
      }
      individuals = lost.individuals();
      if (examination.copy().isPresent()) {
        spine = build(building, examination.copy().get(), examination.content().orElseThrow(), lost, at);
      } else {
        Files.createDirectories(building);
      }
    }
    Files.move(building, built, StandardCopyOption.ATOMIC_MOVE);
    Path damaged = putAside(home.snapshots(), home.journal());
    finish(home);
    HeadFile.create(home.head(), spine);
    return new Repaired(spine, individuals, damaged);
  }

  /** Puts a new journal in its place that a crash left beside it. */
  static void finish(ExperimentHome home) throws IOException {
    Path built = home.directory().resolve(BUILT);
    if (Files.exists(built) && !Files.exists(home.journal())) {
      Files.move(built, home.journal(), StandardCopyOption.ATOMIC_MOVE);
      Directories.flush(home.directory());
    }
  }

  /** Renames both directories, where they are there, to the same free number; the journal last. */
  private static Path putAside(Path snapshots, Path journal) throws IOException {
    int number = 1;
    while (Files.exists(aside(snapshots, number)) || Files.exists(aside(journal, number))) {
      number++;
    }
    for (Path directory : List.of(snapshots, journal)) {
      if (Files.exists(directory)) {
        Files.move(directory, aside(directory, number), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return aside(journal, number);
  }

  private static Path aside(Path directory, int number) {
    return directory.resolveSibling(directory.getFileName() + ".damaged-" + number);
  }

  private static StreamHead build(
      Path directory, JournalCopy source, JournalContent content, JournalVerdict.Lost lost, Instant at)
      throws IOException {
    Options fresh = new Options().createIfMissing(true).errorIfExists(true);
    try (DB target = JniDBFactory.factory.open(directory.toFile(), fresh);
        Builder builder = new Builder(target, content)) {
      source.visit(JournalKey.FIRST_STREAM, source.lastStream(), builder);
      builder.finishStream();
      StreamHead spine = content.spine();
      if (!spine.equals(StreamHead.EMPTY)) {
        String what = lost.place() + ": " + lost.extent();
        Link accepted =
            Link.after(spine, EventCodec.encode(new PopulationEvent.LossAccepted(at, what, lost.individuals())));
        builder.append(content.spineName(), accepted, at);
        spine = accepted.head();
      }
      builder.flush();
      return spine;
    }
  }

  /** Writes the sound part of every stream under new numbers without gaps. */
  private static final class Builder implements JournalCopy.Visitor, AutoCloseable {
    private static final int BATCH_BYTES = 1 << 20;

    private final DB target;
    private final JournalContent content;
    private WriteBatch batch;
    private int batchBytes;
    private int nextNumber = JournalKey.FIRST_STREAM;
    private int spineNumber;

    private int sourceNumber;
    private int number;
    private Chain chain = new Chain("");
    private OptionalLong individual = OptionalLong.empty();
    private boolean ended;

    Builder(DB target, JournalContent content) {
      this.target = target;
      this.content = content;
      this.batch = target.createWriteBatch();
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
        number = 0;
        chain = new Chain(content.names().getOrDefault(stream, ""));
        individual = StreamName.individual(chain.name());
        ended = false;
      }
      Optional<Link> link = ended ? Optional.empty() : chain.next(sequence, JournalMessage.of(bytes));
      if (link.isPresent() && belongs(link.get())) {
        if (number == 0) {
          number = named(chain.name());
        }
        put(JournalKey.record(number, sequence), bytes);
        put(JournalKey.counter(number), ByteBuffer.allocate(Long.BYTES).putLong(sequence).array());
      } else {
        ended = true;
      }
    }

    private boolean belongs(Link link) {
      return chain.name().equals(content.spineName())
          || individual.isPresent()
              && content.known().allows(individual.getAsLong(), EventCodec.decodeIndividual(link.event()));
    }

    void finishStream() {
      if (number != 0 && chain.name().equals(content.spineName())) {
        spineNumber = number;
      }
    }

    void append(String spine, Link link, Instant at) {
      put(JournalKey.record(spineNumber, link.sequence()),
          JournalMessage.bytes(spine, link, UUID.randomUUID().toString(), at.toEpochMilli()));
      put(JournalKey.counter(spineNumber), ByteBuffer.allocate(Long.BYTES).putLong(link.sequence()).array());
    }

    private int named(String name) {
      put(JournalKey.name(nextNumber), name.getBytes(StandardCharsets.UTF_8));
      return nextNumber++;
    }

    private void put(JournalKey key, byte[] value) {
      batch.put(key.bytes(), value);
      batchBytes += value.length;
      if (batchBytes > BATCH_BYTES) {
        flush();
      }
    }

    void flush() {
      target.write(batch, new WriteOptions().sync(true));
      close();
      batch = target.createWriteBatch();
      batchBytes = 0;
    }

    @Override
    public void close() {
      try {
        batch.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
