package dev.cambrian.persistence;

import java.io.IOException;
import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The snapshots of one stream in a schema, read through a reader's connection. */
final class PostgresSnapshots implements KeptSnapshots {

  /** Its name counts changes of the state, so that none of another shape is found. */
  static final String TABLE = "snapshot_2";

  private final Connection connection;
  private final PostgresJournal journal;
  private final String stream;
  private final NavigableSet<Long> events = new TreeSet<>();

  PostgresSnapshots(Connection connection, PostgresJournal journal, String stream) throws IOException {
    this.connection = connection;
    this.journal = journal;
    this.stream = stream;
    try (PreparedStatement statement = connection.prepareStatement("SELECT sequence_number FROM "
        + journal.schema().table(TABLE) + " WHERE persistence_id = ?")) {
      statement.setString(1, stream);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          events.add(rows.getLong(1));
        }
      }
    } catch (SQLException e) {
      throw journal.unreadable(e);
    }
  }

  @Override
  public NavigableSet<Long> events() {
    return events;
  }

  @Override
  public Optional<Snapshot> read(long event) throws IOException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT snapshot_ser_id, snapshot_ser_manifest,"
        + " snapshot_payload FROM " + journal.schema().table(TABLE)
        + " WHERE persistence_id = ? AND sequence_number = ?")) {
      statement.setString(1, stream);
      statement.setLong(2, event);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getInt(1) == JournalSerializer.IDENTIFIER
            ? parsed(row.getBytes(3), row.getString(2)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw journal.unreadable(e);
    }
  }

  private static Optional<Snapshot> parsed(byte[] sealed, String manifest) {
    try {
      return new JournalSerializer().fromBinary(sealed, manifest) instanceof Snapshot snapshot
          ? Optional.of(snapshot) : Optional.empty();
    } catch (NotSerializableException damaged) {
      return Optional.empty();
    }
  }
}
