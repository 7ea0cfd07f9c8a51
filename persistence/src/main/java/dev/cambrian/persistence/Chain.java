package dev.cambrian.persistence;

import java.util.Optional;

/**
 * One stream of the journal as it is read from its first record, or from the one after a known head, on: how far each
 * record is whole, in its place, and chained to the one before. What comes after the first that is not, is no part of
 * the stream's history.
 */
final class Chain {
  private final String name;
  private StreamHead head;
  private long last;
  private boolean broken;

  /** A stream that is read from its first record on. */
  Chain(String name) {
    this(name, StreamHead.EMPTY);
  }

  /** A stream that is read from the record after {@code head} on. */
  Chain(String name, StreamHead head) {
    this.name = name;
    this.head = head;
  }

  String name() {
    return name;
  }

  /** The end of the sound beginning. */
  StreamHead head() {
    return head;
  }

  /** What the journal says the stream's last record is. */
  void endsAt(long sequence) {
    last = sequence;
  }

  /** The next record, where it goes on with the sound beginning. */
  Optional<Link> next(long sequence, Optional<JournalMessage> message) {
    Optional<Link> link = message
        .filter(m -> m.stream().equals(name) && m.sequence() == sequence)
        .flatMap(JournalMessage::link)
        .filter(l -> l.sequence() == sequence && l.follows(head));
    if (broken || link.isEmpty()) {
      broken = true;
      return Optional.empty();
    }
    head = link.get().head();
    return link;
  }

  /** Whether the sound beginning is all that there is, and all that there ever was as far as the journal knows. */
  boolean whole() {
    return !broken && last == head.sequence();
  }
}
