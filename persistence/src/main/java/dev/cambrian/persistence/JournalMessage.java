package dev.cambrian.persistence;

import akka.persistence.serialization.MessageFormats.PersistentMessage;
import akka.persistence.serialization.MessageFormats.PersistentPayload;
import akka.protobufv3.internal.ByteString;
import akka.protobufv3.internal.InvalidProtocolBufferException;
import java.io.NotSerializableException;
import java.util.Optional;

/**
 * A record of Akka's journal: Akka's envelope around one of ours.
 *
 * @param stream the name of the stream that it belongs to
 * @param sequence its number there, as Akka counts
 * @param link what it holds; empty where that is not ours
 */
record JournalMessage(String stream, long sequence, Optional<Link> link) {

  /** The record of these bytes; empty where they are none. */
  static Optional<JournalMessage> of(byte[] bytes) {
    try {
      PersistentMessage message = PersistentMessage.parseFrom(bytes);
      PersistentPayload payload = message.getPayload();
      boolean ours = payload.getSerializerId() == JournalSerializer.IDENTIFIER
          && payload.getPayloadManifest().toStringUtf8().equals(JournalSerializer.LINK);
      Optional<Link> link = ours
          ? Optional.of(JournalSerializer.link(payload.getPayload().toByteArray()))
          : Optional.empty();
      return Optional.of(new JournalMessage(message.getPersistenceId(), message.getSequenceNr(), link));
    } catch (InvalidProtocolBufferException | NotSerializableException e) {
      return Optional.empty();
    }
  }

  /**
   * The bytes of the same record in a stream of another name.
   *
   * @throws IllegalArgumentException where they are no record
   */
  static byte[] moved(byte[] bytes, String stream) {
    try {
      return PersistentMessage.parseFrom(bytes).toBuilder().setPersistenceId(stream).build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("no record of the journal: " + e.getMessage(), e);
    }
  }

  /** The bytes of a record that holds a link, as Akka would have written it. */
  static byte[] bytes(String stream, Link link, String writer, long timestamp) {
    return PersistentMessage.newBuilder()
        .setPersistenceId(stream)
        .setSequenceNr(link.sequence())
        .setWriterUuid(writer)
        .setTimestamp(timestamp)
        .setPayload(PersistentPayload.newBuilder()
            .setSerializerId(JournalSerializer.IDENTIFIER)
            .setPayloadManifest(ByteString.copyFromUtf8(JournalSerializer.LINK))
            .setPayload(ByteString.copyFrom(JournalSerializer.bytes(link))))
        .build()
        .toByteArray();
  }
}
