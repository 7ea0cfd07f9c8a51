package dev.cambrian.persistence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

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

  /** SHA-256 of the state's bytes, 64 hexadecimal digits. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(state));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** The path of the first field in which two states differ, e.g. {@code /living/3/fitness}; empty for equal bytes. */
  public Optional<String> difference(Snapshot other) {
    if (equals(other)) {
      return Optional.empty();
    }
    try {
      JsonNode mine = EventSchema.CBOR.readTree(state);
      JsonNode theirs = EventSchema.CBOR.readTree(other.state);
      return Optional.of(difference("", mine, theirs).orElse("the order of fields"));
    } catch (IOException e) {
      return Optional.of("its encoding");
    }
  }

  private static Optional<String> difference(String path, JsonNode mine, JsonNode theirs) {
    if (mine.equals(theirs)) {
      return Optional.empty();
    }
    if (mine.isArray() && theirs.isArray() && mine.size() == theirs.size()) {
      return IntStream.range(0, mine.size()).boxed()
          .flatMap(i -> difference(path + "/" + i, mine.get(i), theirs.get(i)).stream())
          .findFirst();
    }
    if (mine.isObject() && theirs.isObject()) {
      SortedSet<String> names = new TreeSet<>();
      mine.fieldNames().forEachRemaining(names::add);
      theirs.fieldNames().forEachRemaining(names::add);
      return names.stream()
          .flatMap(name -> difference(path + "/" + name, mine.path(name), theirs.path(name)).stream())
          .findFirst();
    }
    return Optional.of(path);
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
