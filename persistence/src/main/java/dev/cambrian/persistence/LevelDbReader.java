package dev.cambrian.persistence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Reads the history of a home's LevelDB journal: a copy of the moment at which it was opened, which reaches the head
 * that was acknowledged before.
 *
 * <p>In memory are the record at hand and, once a biography was asked for, four bytes an individual.
 */
public final class LevelDbReader implements JournalReader {

  /** A copy that was taken while a writer changed files does not fit together; the next one does. */
  private static final int TRIES = 10;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final ExperimentHome home;
  private final Optional<JournalCopy> copy;
  private final StreamHead acknowledged;
  private final Optional<String> tornEnd;

  /** The spine's number and name; 0 and empty where nothing was written yet. */
  private int spineNumber;
  private String spineName = "";

  /** The number of the stream of each individual, 0 where it has none; null until a biography is asked for. */
  private int[] biographies;

  private LevelDbReader(
      ExperimentHome home, Optional<JournalCopy> copy, StreamHead acknowledged, Optional<String> tornEnd) {
    this.home = home;
    this.copy = copy;
    this.acknowledged = acknowledged;
    this.tornEnd = tornEnd;
  }

  /**
   * Opens a home's journal as it is now; an experiment that has not begun has no events.
   *
   * @throws UnusableHome where files of the journal are damaged or missing, or it does not reach its acknowledged head
   */
  public static LevelDbReader open(ExperimentHome home) throws IOException {
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == TRIES || attempt > 1 && HomeLock.holder(home).isEmpty();
      try {
        return copied(home);
      } catch (IOException changedMeanwhile) {
        if (last) {
          throw changedMeanwhile;
        }
      } catch (RuntimeException unreadableOrChangedMeanwhile) {
        if (last) {
          throw damaged(home, "LevelDB cannot read it: " + unreadableOrChangedMeanwhile.getMessage());
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** What was acknowledged before the copy is begun must be in it. */
  private static LevelDbReader copied(ExperimentHome home) throws IOException {
    StreamHead acknowledged = HeadFile.read(home.head()).orElse(StreamHead.EMPTY);
    List<String> torn = new ArrayList<>();
    Optional<JournalCopy> copy = JournalFiles.empty(home.journal())
        ? Optional.empty()
        : Optional.of(JournalCopy.open(home, directory -> {
          for (JournalFiles.Flaw flaw : JournalFiles.inspect(directory).flaws()) {
            if (flaw.kind() != JournalFiles.Kind.TAIL) {
              throw damaged(home, flaw.what());
            }
            torn.add(flaw.what());
          }
        }));
    // While a process writes, the last record may be one that is just being written.
    boolean tornByACrash = !torn.isEmpty() && HomeLock.holder(home).isEmpty();
    LevelDbReader reader = new LevelDbReader(
        home, copy, acknowledged, tornByACrash ? Optional.of(torn.get(0)) : Optional.empty());
    try {
      reader.findSpine();
      return reader;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private void findSpine() throws IOException {
    if (copy.isPresent()) {
      copy.get().names((stream, name) -> {
        if (StreamName.isSpine(name)) {
          spineNumber = stream;
          spineName = name;
        }
        return spineNumber == 0;
      });
    }
    if (acknowledged.sequence() > last() || !headAt(acknowledged.sequence()).equals(acknowledged)) {
      throw damaged(home, "it does not reach event " + acknowledged.sequence());
    }
  }

  /** What is read; empty where the experiment has not begun. */
  Optional<JournalCopy> copy() {
    return copy;
  }

  @Override
  public long last() {
    return spineNumber == 0 ? 0 : copy.orElseThrow().last(spineNumber);
  }

  @Override
  public String spineName() {
    return spineName;
  }

  @Override
  public Optional<String> tornEnd() {
    return tornEnd.map(what -> "The end of the journal " + home.journal() + " was torn by a crash: " + what
        + ", and are cut off. The history ends with event " + last() + "; the last that was acknowledged is "
        + acknowledged.sequence() + ", so nothing that was acknowledged is lost.");
  }

  @Override
  public KeptSnapshots snapshots() throws IOException {
    return SnapshotFiles.of(home, spineName);
  }

  @Override
  public Link link(long event) throws IOException {
    if (event < 1 || event > last()) {
      throw new IllegalArgumentException("there is no event " + event + "; the last one is " + last());
    }
    return copy.orElseThrow().get(JournalKey.record(spineNumber, event))
        .flatMap(JournalMessage::of)
        .filter(message -> message.stream().equals(spineName) && message.sequence() == event)
        .flatMap(JournalMessage::link)
        .filter(link -> link.sequence() == event)
        .orElseThrow(() -> damaged(home, "event " + event + " cannot be read"));
  }

  @Override
  public void spine(StreamHead after, long to, BiConsumer<Link, StreamHead> sink) throws IOException {
    read(spineNumber, new Chain(spineName, after), after.sequence() + 1, Math.min(to, last()), sink);
  }

  @Override
  public List<IndividualEvent> biography(long individual) throws IOException {
    List<IndividualEvent> events = new ArrayList<>();
    int number = streamOf(individual);
    if (number != 0) {
      read(number, new Chain(StreamName.biography(individual)), 1, copy.orElseThrow().last(number),
          (link, head) -> events.add(EventCodec.decodeIndividual(link.event())));
    }
    return events;
  }

  /** In the order of their first events. */
  @Override
  public void lives(BiConsumer<Long, List<Link>> sink) throws IOException {
    if (copy.isEmpty()) {
      return;
    }
    Biographies lives = new Biographies(sink);
    try {
      copy.get().visit(JournalKey.FIRST_STREAM, spineNumber - 1, lives);
      copy.get().visit(spineNumber + 1, copy.get().lastStream(), lives);
      lives.finish();
    } catch (UncheckedIOException broken) {
      throw broken.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    if (copy.isPresent()) {
      copy.get().close();
    }
  }

  private void read(int number, Chain chain, long from, long to, BiConsumer<Link, StreamHead> sink)
      throws IOException {
    if (to < from) {
      return;
    }
    chain.endsAt(to);
    copy.orElseThrow().visit(JournalKey.record(number, from), JournalKey.record(number, to), new JournalCopy.Visitor() {
      @Override
      public void counter(int stream, long last) {}

      @Override
      public void record(int stream, long sequence, byte[] message) {
        chain.next(sequence, JournalMessage.of(message)).ifPresent(link -> sink.accept(link, chain.head()));
      }

      @Override
      public void unreadable(int stream) {}
    });
    if (!chain.whole()) {
      throw brokenOff(chain);
    }
  }

  private UnusableHome brokenOff(Chain chain) {
    return damaged(home, "the stream " + chain.name() + " breaks off after event " + chain.head().sequence());
  }

  /** The number of an individual's stream; 0 where it has none. */
  private int streamOf(long individual) throws IOException {
    if (biographies == null) {
      biographies = new int[1024];
      if (copy.isPresent()) {
        copy.get().names((stream, name) -> {
          StreamName.individual(name).ifPresent(id -> putBiography(id, stream));
          return true;
        });
      }
    }
    return individual > 0 && individual < biographies.length ? biographies[(int) individual] : 0;
  }

  /** Individuals are numbered without gaps, so the array is hardly longer than there are any. */
  private void putBiography(long individual, int stream) {
    if (individual >= biographies.length) {
      long longer = Math.min(Integer.MAX_VALUE - 8, Math.max(individual + 1, 2L * biographies.length));
      biographies = Arrays.copyOf(biographies, (int) longer);
    }
    biographies[Math.toIntExact(individual)] = stream;
  }

  private static UnusableHome damaged(ExperimentHome home, String what) {
    return new UnusableHome("the journal " + home.journal() + " is damaged (" + what
        + "); evolve the experiment to see what is lost and how to go on.");
  }

  /** Puts the records of one stream after the other together; a stream's name stands in each of its records. */
  private final class Biographies implements JournalCopy.Visitor {
    private final BiConsumer<Long, List<Link>> sink;
    private int number;
    private long last;
    private Chain chain;
    private OptionalLong individual = OptionalLong.empty();
    private List<Link> links = List.of();

    Biographies(BiConsumer<Long, List<Link>> sink) {
      this.sink = sink;
    }

    @Override
    public void counter(int stream, long end) {
      turnTo(stream);
      last = end;
    }

    @Override
    public void record(int stream, long sequence, byte[] bytes) {
      turnTo(stream);
      Optional<JournalMessage> message = JournalMessage.of(bytes);
      if (chain == null) {
        chain = new Chain(message.map(JournalMessage::stream).orElse(""));
        chain.endsAt(last);
        individual = StreamName.individual(chain.name());
      }
      if (individual.isPresent()) {
        chain.next(sequence, message).ifPresent(links::add);
      }
    }

    @Override
    public void unreadable(int stream) {
      throw new UncheckedIOException(damaged(home, "a biography cannot be read"));
    }

    private void turnTo(int stream) {
      if (stream != number) {
        finish();
        number = stream;
        last = 0;
        chain = null;
        individual = OptionalLong.empty();
        links = new ArrayList<>();
      }
    }

    void finish() {
      if (chain == null || individual.isEmpty()) {
        return;
      }
      if (!chain.whole()) {
        throw new UncheckedIOException(brokenOff(chain));
      }
      sink.accept(individual.getAsLong(), links);
    }
  }
}
