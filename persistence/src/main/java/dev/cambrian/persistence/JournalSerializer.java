package dev.cambrian.persistence;

import akka.serialization.SerializerWithStringManifest;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What Akka's journal and snapshot store keep of ours, in bytes. Manifest {@code L1}, a {@link Link}: sequence (8
 * bytes, big-endian), previous hash (32), the event's bytes. Manifest {@code S1}, a {@link Snapshot}: SHA-256 of the
 * rest (32), version (4), length of the type's name (4), name, state.
 */
public final class JournalSerializer extends SerializerWithStringManifest {

  /** Written with every record; never changed. */
  public static final int IDENTIFIER = 170_301_041;

  static final String LINK = "L1";
  static final String SNAPSHOT = "S1";

  private static final int HASH = 32;

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof Link) {
      return LINK;
    }
    if (message instanceof Snapshot) {
      return SNAPSHOT;
    }
    throw new IllegalArgumentException("the journal keeps links and snapshots, not " + message.getClass().getName());
  }

  @Override
  public byte[] toBinary(Object message) {
    return message instanceof Link link ? bytes(link) : bytes((Snapshot) message);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    switch (manifest) {
      case LINK:
        return link(bytes);
      case SNAPSHOT:
        return snapshot(bytes);
      default:
        throw new NotSerializableException("the journal's record type '" + manifest
            + "' is not known to this version of Cambrian; use the version that wrote it, or a later one");
    }
  }

  static byte[] bytes(Link link) {
    return ByteBuffer.allocate(Long.BYTES + HASH + link.event().length)
        .putLong(link.sequence())
        .put(HexFormat.of().parseHex(link.previous()))
        .put(link.event())
        .array();
  }

  static Link link(byte[] bytes) throws NotSerializableException {
    if (bytes.length < Long.BYTES + HASH) {
      throw new NotSerializableException("a journal record of " + bytes.length + " bytes is too short");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long sequence = buffer.getLong();
    byte[] previous = new byte[HASH];
    buffer.get(previous);
    byte[] event = new byte[buffer.remaining()];
    buffer.get(event);
    return new Link(sequence, HexFormat.of().formatHex(previous), event);
  }

  private static byte[] bytes(Snapshot snapshot) {
    byte[] type = snapshot.type().getBytes(StandardCharsets.UTF_8);
    byte[] sealed = ByteBuffer.allocate(HASH + 2 * Integer.BYTES + type.length + snapshot.state().length)
        .position(HASH)
        .putInt(snapshot.version())
        .putInt(type.length)
        .put(type)
        .put(snapshot.state())
        .array();
    System.arraycopy(sha256(sealed), 0, sealed, 0, HASH);
    return sealed;
  }

  private static Snapshot snapshot(byte[] sealed) throws NotSerializableException {
    if (sealed.length < HASH + 2 * Integer.BYTES
        || !MessageDigest.isEqual(sha256(sealed), Arrays.copyOf(sealed, HASH))) {
      throw new NotSerializableException("a snapshot of " + sealed.length + " bytes is damaged");
    }
    ByteBuffer buffer = ByteBuffer.wrap(sealed).position(HASH);
    int version = buffer.getInt();
    byte[] type = new byte[buffer.getInt()];
    buffer.get(type);
    byte[] state = new byte[buffer.remaining()];
    buffer.get(state);
    return new Snapshot(new String(type, StandardCharsets.UTF_8), version, state);
  }

  private static byte[] sha256(byte[] sealed) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(sealed, HASH, sealed.length - HASH);
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
