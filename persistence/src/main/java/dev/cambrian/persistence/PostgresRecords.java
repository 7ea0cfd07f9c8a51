package dev.cambrian.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** Writes records and snapshots into a schema, as Akka would have written them, within somebody's transaction. */
final class PostgresRecords implements AutoCloseable {
  private static final int BATCH = 500;

  private final PreparedStatement records;
  private final PreparedStatement snapshots;
  private final String writer = UUID.randomUUID().toString();
  private int waiting;

  PostgresRecords(Connection connection, PostgresSchema schema) throws SQLException {
    records = connection.prepareStatement("INSERT INTO " + schema.table("event_journal")
        + " (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest, event_ser_id,"
        + " event_ser_manifest, event_payload) VALUES (?, ?, ?, ?, '', ?, ?, ?)");
    snapshots = connection.prepareStatement("INSERT INTO " + schema.table(PostgresSnapshots.TABLE)
        + " (persistence_id, sequence_number, created, snapshot_ser_id, snapshot_ser_manifest, snapshot_payload)"
        + " VALUES (?, ?, ?, ?, ?, ?)");
  }

  /** A record of a stream; it is written at the latest with {@link #flush}. */
  void put(String stream, Link link, Instant at) throws SQLException {
    records.setString(1, stream);
    records.setLong(2, link.sequence());
    records.setString(3, writer);
    records.setLong(4, at.toEpochMilli());
    records.setInt(5, JournalSerializer.IDENTIFIER);
    records.setString(6, JournalSerializer.LINK);
    records.setBytes(7, JournalSerializer.bytes(link));
    records.addBatch();
    waiting++;
    if (waiting == BATCH) {
      flush();
    }
  }

  void put(String stream, long event, Snapshot snapshot, Instant at) throws SQLException {
    snapshots.setString(1, stream);
    snapshots.setLong(2, event);
    snapshots.setLong(3, at.toEpochMilli());
    snapshots.setInt(4, JournalSerializer.IDENTIFIER);
    snapshots.setString(5, JournalSerializer.SNAPSHOT);
    snapshots.setBytes(6, new JournalSerializer().toBinary(snapshot));
    snapshots.executeUpdate();
  }

  void flush() throws SQLException {
    records.executeBatch();
    waiting = 0;
  }

  @Override
  public void close() throws SQLException {
    records.close();
    snapshots.close();
  }
}
