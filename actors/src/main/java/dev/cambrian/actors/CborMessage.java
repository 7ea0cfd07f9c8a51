package dev.cambrian.actors;

/** A message or state that leaves the JVM as Jackson CBOR; bound to that serializer in reference.conf. */
public interface CborMessage {}
