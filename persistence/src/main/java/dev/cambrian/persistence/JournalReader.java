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
 * Reads the history of an experiment, whether a process evolves it or not, without actors and without touching its
 * journal: it reads a copy of the moment at which it was opened, which reaches the head that was acknowledged before.
 * What is read is verified against its chain; a damaged journal is refused, not read in part.
 *
 * <p>In memory are the record at hand and, once a biography was asked for, four bytes an individual.
 */
public final class JournalReader implements AutoCloseable {

  /** A copy that was taken while a writer changed files does not fit together; the next one does. */
  private static final int TRIES = 10;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Is given the spine's events in order. */
  @FunctionalInterface
  public interface SpineSink {

    /**
     * One event.
     *
     * @param head the spine's end with this event
     */
    void take(PopulationEvent event, StreamHead head);
  }

  private final ExperimentHome home;
  private final Optional<JournalCopy> copy;
  private final StreamHead acknowledged;
  private final Optional<String> tornEnd;

  /** The spine's number and name; 0 and empty where nothing was written yet. */
  private int spineNumber;
  private String spineName = "";

  /** The number of the stream of each individual, 0 where it has none; null until a biography is asked for. */
  private int[] biographies;

  private JournalReader(
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
  public static JournalReader open(ExperimentHome home) throws IOException {
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
  private static JournalReader copied(ExperimentHome home) throws IOException {
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
    JournalReader reader = new JournalReader(
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

  /** The number of the spine's last event; 0 where there is none. */
  public long last() {
    return spineNumber == 0 ? 0 : copy.orElseThrow().last(spineNumber);
  }

  /** The spine's stream name; empty where it has no event. */
  public String spineName() {
    return spineName;
  }

  /**
   * A sentence on what a crash left behind the last whole record of a journal that nobody writes, and that is cut off;
   * empty where its end is whole.
   */
  public Optional<String> tornEnd() {
    return tornEnd.map(what -> "The end of the journal " + home.journal() + " was torn by a crash: " + what
        + ", and are cut off. The history ends with event " + last() + "; the last that was acknowledged is "
        + acknowledged.sequence() + ", so nothing that was acknowledged is lost.");
  }

  /**
   * The spine's end as it was with an event, of which the record alone is read.
   *
   * @param event 0 for the empty spine
   * @throws IllegalArgumentException where there is no such event
   */
  public StreamHead headAt(long event) throws IOException {
    return event == 0 ? StreamHead.EMPTY : link(event).head();
  }

  /**
   * One event of the spine, of which the record alone is read.
   *
   * @throws IllegalArgumentException where there is no such event
   */
  public PopulationEvent event(long event) throws IOException {
    return EventCodec.decodePopulation(link(event).event());
  }

  private Link link(long event) throws IOException {
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

  /**
   * Gives every record of the spine to the sink, in order, with its event.
   *
   * @throws UnusableHome where the spine breaks off
   */
  public void spine(BiConsumer<Link, PopulationEvent> sink) throws IOException {
    spine(1, Long.MAX_VALUE, sink);
  }

  /**
   * Gives the records of the spine from one event to another, both included, to the sink, in order; those of them that
   * there are. Each is verified against the one before, the first one, too.
   *
   * @throws UnusableHome where the spine breaks off among them
   */
  public void spine(long from, long to, BiConsumer<Link, PopulationEvent> sink) throws IOException {
    long before = Math.max(0, from - 1);
    if (before < last()) {
      readSpine(headAt(before), to, (link, head) -> sink.accept(link, EventCodec.decodePopulation(link.event())));
    }
  }

  /**
   * Gives the events of the spine that follow a head that is known from elsewhere to the sink, up to one, included.
   *
   * @throws UnusableHome where they do not follow it, or break off
   */
  public void spine(StreamHead after, long to, SpineSink sink) throws IOException {
    if (after.sequence() < last()) {
      readSpine(after, to, (link, head) -> sink.take(EventCodec.decodePopulation(link.event()), head));
    }
  }

  private void readSpine(StreamHead after, long to, BiConsumer<Link, StreamHead> sink) throws IOException {
    read(spineNumber, new Chain(spineName, after), after.sequence() + 1, Math.min(to, last()), sink);
  }

  /**
   * The biography of one individual; empty where there is none.
   *
   * @throws UnusableHome where it breaks off
   */
  public List<IndividualEvent> biography(long individual) throws IOException {
    List<IndividualEvent> events = new ArrayList<>();
    int number = streamOf(individual);
    if (number != 0) {
      read(number, new Chain(StreamName.biography(individual)), 1, copy.orElseThrow().last(number),
          (link, head) -> events.add(EventCodec.decodeIndividual(link.event())));
    }
    return events;
  }

  /**
   * Gives every individual that has a biography, and that biography, to the sink, in the order of their first events;
   * one of them is in memory at a time.
   *
   * @throws UnusableHome where one breaks off
   */
  public void biographies(BiConsumer<Long, List<IndividualEvent>> sink) throws IOException {
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
    private final BiConsumer<Long, List<IndividualEvent>> sink;
    private int number;
    private long last;
    private Chain chain;
    private OptionalLong individual = OptionalLong.empty();
    private List<IndividualEvent> events = List.of();

    Biographies(BiConsumer<Long, List<IndividualEvent>> sink) {
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
        chain.next(sequence, message).ifPresent(link -> events.add(EventCodec.decodeIndividual(link.event())));
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
        events = new ArrayList<>();
      }
    }

    void finish() {
      if (chain == null || individual.isEmpty()) {
        return;
      }
      if (!chain.whole()) {
        throw new UncheckedIOException(brokenOff(chain));
      }
      sink.accept(individual.getAsLong(), events);
    }
  }
}
