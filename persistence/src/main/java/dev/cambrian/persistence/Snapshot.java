package dev.cambrian.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.Arrays;

/**
 * A state as it is kept to shorten replay: versioned CBOR that {@link JournalSerializer} seals with a checksum. A
 * damaged snapshot is never read; the journal is replayed instead.
 *
 * @param type what state it is
 * @param version of the state's fields
 * @param state CBOR
 */
public record Snapshot(String type, int version, byte[] state) {

  /** The snapshot of a state that Jackson can write. */
  public static Snapshot of(String type, int version, Object state) {
    try {
      return new Snapshot(type, version, EventSchema.CBOR.writeValueAsBytes(state));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the state '" + type + "' cannot be written: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The state.
   *
   * @throws IllegalArgumentException where it is of another type or version, or does not fit the class
   */
  public <S> S read(String expectedType, int expectedVersion, Class<S> as) {
    if (!type.equals(expectedType) || version != expectedVersion) {
      throw new IllegalArgumentException("a snapshot of '" + type + "' version " + version + " is not one of '"
          + expectedType + "' version " + expectedVersion);
    }
    try {
      return EventSchema.CBOR.readValue(state, as);
    } catch (IOException e) {
      throw new IllegalArgumentException("the snapshot of '" + type + "' cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Snapshot that
        && type.equals(that.type)
        && version == that.version
        && Arrays.equals(state, that.state);
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(state);
  }
}
