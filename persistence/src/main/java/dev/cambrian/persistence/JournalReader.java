package dev.cambrian.persistence;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Reads the history of an experiment, whether a process evolves it or not, without actors and without touching its
 * journal: as it was when it was opened, which reaches what was acknowledged before. What is read is verified against
 * its chain; a damaged journal is refused, not read in part.
 */
public interface JournalReader extends AutoCloseable {

  /** Is given the spine's events in order. */
  @FunctionalInterface
  interface SpineSink {

    /**
     * One event.
     *
     * @param head the spine's end with this event
     */
    void take(PopulationEvent event, StreamHead head);
  }

  /** The number of the spine's last event; 0 where there is none. */
  long last();

  /** The spine's stream name; empty where it has no event. */
  String spineName();

  /**
   * A sentence on what a crash left behind the last whole record of a journal that nobody writes, and that is cut off;
   * empty where its end is whole.
   */
  Optional<String> tornEnd();

  /** The snapshots of the spine that are kept beside it. */
  KeptSnapshots snapshots() throws IOException;

  /**
   * The record of one event of the spine, which alone is read.
   *
   * @throws IllegalArgumentException where there is no such event
   */
  Link link(long event) throws IOException;

  /**
   * Gives the events of the spine that follow a head that is known from elsewhere to the sink, up to one, included.
   *
   * @throws UnusableHome where they do not follow it, or break off
   */
  void spine(StreamHead after, long to, BiConsumer<Link, StreamHead> sink) throws IOException;

  /**
   * The biography of one individual; empty where there is none.
   *
   * @throws UnusableHome where it breaks off
   */
  List<IndividualEvent> biography(long individual) throws IOException;

  /**
   * Gives every individual that has a biography, and that biography's records, to the sink; one of them is in memory at
   * a time.
   *
   * @throws UnusableHome where one breaks off
   */
  void lives(BiConsumer<Long, List<Link>> sink) throws IOException;

  @Override
  void close() throws IOException;

  /** As {@link #lives}, with events in place of records. */
  default void biographies(BiConsumer<Long, List<IndividualEvent>> sink) throws IOException {
    lives((individual, links) -> sink.accept(
        individual, links.stream().map(link -> EventCodec.decodeIndividual(link.event())).toList()));
  }

  /**
   * The spine's end as it was with an event, of which the record alone is read.
   *
   * @param event 0 for the empty spine
   * @throws IllegalArgumentException where there is no such event
   */
  default StreamHead headAt(long event) throws IOException {
    return event == 0 ? StreamHead.EMPTY : link(event).head();
  }

  /**
   * One event of the spine, of which the record alone is read.
   *
   * @throws IllegalArgumentException where there is no such event
   */
  default PopulationEvent event(long event) throws IOException {
    return EventCodec.decodePopulation(link(event).event());
  }

  /**
   * Gives every record of the spine to the sink, in order, with its event.
   *
   * @throws UnusableHome where the spine breaks off
   */
  default void spine(BiConsumer<Link, PopulationEvent> sink) throws IOException {
    spine(1, Long.MAX_VALUE, sink);
  }

  /**
   * Gives the records of the spine from one event to another, both included, to the sink, in order; those of them that
   * there are. Each is verified against the one before, the first one, too.
   *
   * @throws UnusableHome where the spine breaks off among them
   */
  default void spine(long from, long to, BiConsumer<Link, PopulationEvent> sink) throws IOException {
    long before = Math.max(0, from - 1);
    if (before < last()) {
      spine(headAt(before), to, (link, head) -> sink.accept(link, EventCodec.decodePopulation(link.event())));
    }
  }

  /**
   * Gives the events of the spine that follow a head that is known from elsewhere to the sink, up to one, included.
   *
   * @throws UnusableHome where they do not follow it, or break off
   */
  default void events(StreamHead after, long to, SpineSink sink) throws IOException {
    spine(after, to, (link, head) -> sink.take(EventCodec.decodePopulation(link.event()), head));
  }
}
