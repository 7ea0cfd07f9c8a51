package dev.cambrian.persistence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One journaled record: an event's encoded bytes, chained to the record before it in its stream. What the journal
 * stores is this, so that the chain is over the very bytes that were written and stays checkable when event classes
 * change.
 *
 * @param sequence the event's number in its stream, from 1
 * @param previous the chain hash of the record before, {@link StreamHead#EMPTY}'s for the first
 * @param event the event as {@link EventCodec} wrote it
 */
public record Link(long sequence, String previous, byte[] event) {

  /** The record that follows a head. */
  public static Link after(StreamHead head, byte[] event) {
    return new Link(head.sequence() + 1, head.hash(), event);
  }

  /** The stream's head once this record is its last: SHA-256 over previous hash, sequence and event bytes. */
  public StreamHead head() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(previous.getBytes(StandardCharsets.US_ASCII));
      sha.update(Long.toString(sequence).getBytes(StandardCharsets.US_ASCII));
      return new StreamHead(sequence, HexFormat.of().formatHex(sha.digest(event)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Whether this record directly follows a head. */
  public boolean follows(StreamHead head) {
    return sequence == head.sequence() + 1 && previous.equals(head.hash());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Link that
        && sequence == that.sequence
        && previous.equals(that.previous)
        && Arrays.equals(event, that.event);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(sequence) + Arrays.hashCode(event);
  }
}
