package dev.cambrian.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Reads the history of an experiment that no process evolves, without actors and without touching its journal. What is
 * read is verified against its chain; a damaged journal is refused, not read in part.
 */
public final class JournalReader implements AutoCloseable {
  private final ExperimentHome home;
  private final Optional<JournalCopy> copy;
  private final Map<Integer, String> names;

  private JournalReader(ExperimentHome home, Optional<JournalCopy> copy) {
    this.home = home;
    this.copy = copy;
    this.names = copy.<Map<Integer, String>>map(JournalCopy::names).orElse(Map.of());
  }

  /**
   * Opens a home's journal; an experiment that has not begun has no events.
   *
   * @throws UnusableHome where files of the journal are damaged or missing
   */
  public static JournalReader open(ExperimentHome home) throws IOException {
    JournalFiles files = JournalFiles.inspect(home.journal());
    for (JournalFiles.Flaw flaw : files.flaws()) {
      if (flaw.kind() != JournalFiles.Kind.TAIL) {
        throw damaged(home, flaw.what());
      }
    }
    return new JournalReader(home, files.empty() ? Optional.empty() : Optional.of(JournalCopy.open(home, false)));
  }

  /**
   * Gives every record of the spine to the sink, in order, with its event.
   *
   * @throws UnusableHome where the spine breaks off, or does not reach its acknowledged head
   */
  public void spine(BiConsumer<Link, PopulationEvent> sink) throws IOException {
    StreamHead acknowledged = HeadFile.read(home.head()).orElse(StreamHead.EMPTY);
    boolean[] reached = {acknowledged.equals(StreamHead.EMPTY)};
    Optional<String> name = names.values().stream().filter(StreamName::isSpine).findFirst();
    if (name.isPresent()) {
      read(name.get(), link -> {
        sink.accept(link, EventCodec.decodePopulation(link.event()));
        reached[0] |= link.sequence() == acknowledged.sequence() && link.head().equals(acknowledged);
      });
    }
    if (!reached[0]) {
      throw damaged(home, "it does not reach event " + acknowledged.sequence());
    }
  }

  /**
   * The biography of one individual; empty where there is none.
   *
   * @throws UnusableHome where it breaks off
   */
  public List<IndividualEvent> biography(long individual) throws IOException {
    List<IndividualEvent> events = new ArrayList<>();
    read(StreamName.biography(individual), link -> events.add(EventCodec.decodeIndividual(link.event())));
    return events;
  }

  /** What is read; empty where the experiment has not begun. */
  Optional<JournalCopy> copy() {
    return copy;
  }

  /** The streams by their numbers. */
  Map<Integer, String> names() {
    return names;
  }

  @Override
  public void close() throws IOException {
    if (copy.isPresent()) {
      copy.get().close();
    }
  }

  private void read(String name, Consumer<Link> sink) throws IOException {
    OptionalInt number = names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name)).mapToInt(Map.Entry::getKey).findFirst();
    if (number.isEmpty()) {
      return;
    }
    Chain chain = new Chain(name);
    copy.orElseThrow().visit(number.getAsInt(), number.getAsInt(), new JournalCopy.Visitor() {
      @Override
      public void counter(int stream, long last) {
        chain.endsAt(last);
      }

      @Override
      public void record(int stream, long sequence, byte[] message) {
        chain.next(sequence, JournalMessage.of(message)).ifPresent(sink);
      }

      @Override
      public void unreadable(int stream) {}
    });
    if (!chain.whole()) {
      throw damaged(home, "the stream " + name + " breaks off after event " + chain.head().sequence());
    }
  }

  private static UnusableHome damaged(ExperimentHome home, String what) {
    return new UnusableHome("the journal " + home.journal() + " is damaged (" + what
        + "); evolve the experiment to see what is lost and how to go on.");
  }
}
