package dev.cambrian.persistence;

/**
 * The end of an event stream: the sequence number of its last event and that event's chain hash (64 hexadecimal
 * digits). Sequence 0 and 64 zeros for a stream with no event.
 */
public record StreamHead(long sequence, String hash) {

  /** The head of an empty stream. */
  public static final StreamHead EMPTY = new StreamHead(0, "0".repeat(64));
}
