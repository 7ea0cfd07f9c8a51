package dev.cambrian.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Writes a history that was read from another journal, record by record, bytes and chains as they are. */
abstract class JournalWriter implements Closeable {

  /** A record of a stream, in order within the stream; a stream is written in one go. */
  abstract void put(String stream, Link link, Instant at) throws IOException;

  abstract void snapshot(String stream, long event, Snapshot snapshot, Instant at) throws IOException;

  /** Brings everything to where it is to be. */
  abstract void finish() throws IOException;

  /** A biography's records, for a reader's sink. */
  void biography(long individual, List<Link> links) {
    try {
      for (Link link : links) {
        put(StreamName.biography(individual), link, EventCodec.decodeIndividual(link.event()).at());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the spine up to an event, under a name. */
  static void copySpine(JournalReader from, long last, String as, JournalWriter to) throws IOException {
    try {
      from.spine(1, last, (link, event) -> {
        try {
          to.put(as, link, event.at());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  /** Writes the snapshots up to an event, under a name; damaged ones are left out. */
  static int copySnapshots(JournalReader from, long last, String as, JournalWriter to) throws IOException {
    KeptSnapshots kept = from.snapshots();
    int copied = 0;
    for (long event : kept.events().headSet(last + 1)) {
      Snapshot snapshot = kept.read(event).orElse(null);
      if (snapshot != null) {
        to.snapshot(as, event, snapshot, from.event(event).at());
        copied++;
      }
    }
    return copied;
  }

  /** Into a schema, within somebody's transaction. */
  static final class ToPostgres extends JournalWriter {
    private final PostgresRecords records;

    ToPostgres(Connection connection, PostgresSchema schema) throws SQLException {
      this.records = new PostgresRecords(connection, schema);
    }

    @Override
    void put(String stream, Link link, Instant at) throws IOException {
      try {
        records.put(stream, link, at);
      } catch (SQLException e) {
        throw failed(e);
      }
    }

    @Override
    void snapshot(String stream, long event, Snapshot snapshot, Instant at) throws IOException {
      try {
        records.put(stream, event, snapshot, at);
      } catch (SQLException e) {
        throw failed(e);
      }
    }

    @Override
    void finish() throws IOException {
      try {
        records.flush();
      } catch (SQLException e) {
        throw failed(e);
      }
    }

    @Override
    public void close() throws IOException {
      try {
        records.close();
      } catch (SQLException e) {
        throw failed(e);
      }
    }

    private static UnusableHome failed(SQLException why) {
      return new UnusableHome("PostgreSQL did not take the records: " + JournalOutage.reason(why)
          + "; nothing was changed there.", new IOException(why));
    }
  }

  /** Into a home without a journal. */
  static final class ToLevelDb extends JournalWriter {
    private final ExperimentHome home;
    private final LevelDbWriter journal;
    private final String writer = UUID.randomUUID().toString();
    private String current = "";
    private int number;
    private StreamHead spine = StreamHead.EMPTY;

    ToLevelDb(ExperimentHome home) throws IOException {
      this.home = home;
      this.journal = new LevelDbWriter(home.journal());
    }

    @Override
    void put(String stream, Link link, Instant at) {
      if (!stream.equals(current)) {
        current = stream;
        number = journal.named(stream);
      }
      journal.put(number, link.sequence(), JournalMessage.bytes(stream, link, writer, at.toEpochMilli()));
      if (StreamName.isSpine(stream)) {
        spine = link.head();
      }
    }

    @Override
    void snapshot(String stream, long event, Snapshot snapshot, Instant at) throws IOException {
      SnapshotFiles.write(home, stream, event, snapshot, at);
    }

    @Override
    void finish() throws IOException {
      journal.flush();
      HeadFile.create(home.head(), spine);
    }

    @Override
    public void close() throws IOException {
      journal.close();
    }
  }
}
