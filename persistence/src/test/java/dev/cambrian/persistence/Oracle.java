package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import akka.persistence.serialization.MessageFormats.PersistentMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;

/** Opens a journal just as Akka does, and tells whether it holds what was acknowledged. */
final class Oracle {
  private Oracle() {}

  static void assertHolds(ExperimentHome home, Map<String, StreamHead> acknowledged) throws IOException {
    ReadOptions verified = new ReadOptions().verifyChecksums(true);
    try (DB leveldb = JniDBFactory.factory.open(home.journal().toFile(), new Options().createIfMissing(true))) {
      Map<String, Integer> numbers = new HashMap<>();
      try (DBIterator entries = leveldb.iterator(verified)) {
        for (entries.seek(key(1, 0, 10)); entries.hasNext(); ) {
          Map.Entry<byte[], byte[]> entry = entries.next();
          ByteBuffer key = ByteBuffer.wrap(entry.getKey());
          if (key.getInt() != 1) {
            break;
          }
          numbers.put(new String(entry.getValue(), StandardCharsets.UTF_8), key.getInt(12));
        }
      }
      for (Map.Entry<String, StreamHead> stream : acknowledged.entrySet()) {
        Integer number = numbers.get(stream.getKey());
        assertNotNull(number, stream.getKey() + " has no number");
        StreamHead head = StreamHead.EMPTY;
        while (head.sequence() < stream.getValue().sequence()) {
          byte[] record = leveldb.get(key(number, head.sequence() + 1, 0), verified);
          assertNotNull(record, stream.getKey() + " lacks record " + (head.sequence() + 1));
          byte[] payload = PersistentMessage.parseFrom(record).getPayload().getPayload().toByteArray();
          Link link = (Link) new JournalSerializer().fromBinary(payload, "L1");
          head = link.head();
        }
        assertEquals(stream.getValue(), head, stream.getKey());
      }
    }
  }

  private static byte[] key(int stream, long sequence, int named) {
    return ByteBuffer.allocate(20).putInt(stream).putLong(sequence).putInt(named).array();
  }
}
