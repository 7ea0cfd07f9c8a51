package dev.cambrian.persistence;

import java.io.IOException;
import java.io.NotSerializableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/**
 * Reads the history of an experiment in PostgreSQL, in one transaction that sees it as it was when it was opened,
 * whatever is written meanwhile.
 */
final class PostgresReader implements JournalReader {

  /** Rows that the driver holds in memory at a time. */
  private static final int FETCH = 1000;

  private static final String COLUMNS =
      "SELECT persistence_id, sequence_number, event_ser_id, event_ser_manifest, event_payload FROM ";

  private final PostgresJournal journal;
  private final Connection connection;
  private final boolean owned;
  private final String spineName;
  private final long last;

  private PostgresReader(PostgresJournal journal, Connection connection, boolean owned) throws SQLException {
    this.journal = journal;
    this.connection = connection;
    this.owned = owned;
    String spine = StreamName.spine(journal.experiment());
    try (PreparedStatement statement = connection.prepareStatement(
        "SELECT coalesce(max(sequence_number), 0) FROM " + journals() + " WHERE persistence_id = ?")) {
      statement.setString(1, spine);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        last = row.getLong(1);
      }
    }
    spineName = last == 0 ? "" : spine;
  }

  /** Opens a connection of its own. */
  static PostgresReader open(PostgresJournal journal) throws IOException {
    Connection connection = null;
    try {
      connection = journal.server().connect();
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      try (PreparedStatement patient =
          connection.prepareStatement("SET idle_in_transaction_session_timeout TO 0")) {
        patient.execute();
      }
      journal.schema().requireCurrent(connection);
      return new PostgresReader(journal, connection, true);
    } catch (SQLException | UnusableHome e) {
      PostgresLock.close(connection, e);
      throw e instanceof SQLException sql ? journal.unreadable(sql) : (UnusableHome) e;
    }
  }

  /** Reads what a transaction sees, which is not ended. */
  static PostgresReader within(Connection transaction, PostgresJournal journal) throws SQLException {
    return new PostgresReader(journal, transaction, false);
  }

  private String journals() {
    return journal.schema().table("event_journal");
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public String spineName() {
    return spineName;
  }

  /** A transaction is there whole or not at all. */
  @Override
  public Optional<String> tornEnd() {
    return Optional.empty();
  }

  @Override
  public KeptSnapshots snapshots() throws IOException {
    return new PostgresSnapshots(connection, journal, spineName);
  }

  @Override
  public Link link(long event) throws IOException {
    if (event < 1 || event > last) {
      throw new IllegalArgumentException("there is no event " + event + "; the last one is " + last);
    }
    List<Link> found = new ArrayList<>();
    rows("WHERE persistence_id = ? AND sequence_number BETWEEN ? AND ?", List.of(spineName, event, event),
        message -> message.link().filter(link -> link.sequence() == event).ifPresent(found::add));
    if (found.isEmpty()) {
      throw journal.damaged("event " + event + " cannot be read");
    }
    return found.get(0);
  }

  @Override
  public void spine(StreamHead after, long to, BiConsumer<Link, StreamHead> sink) throws IOException {
    long end = Math.min(to, last);
    if (after.sequence() >= end) {
      return;
    }
    Chain chain = new Chain(spineName, after);
    chain.endsAt(end);
    // Only the record after it tells that a record is sound, so each is held back until that one has come.
    AtomicReference<Link> held = new AtomicReference<>();
    rows("WHERE persistence_id = ? AND sequence_number BETWEEN ? AND ? ORDER BY sequence_number",
        List.of(spineName, after.sequence() + 1, end),
        message -> chain.next(message.sequence(), Optional.of(message)).ifPresent(link -> {
          Link before = held.getAndSet(link);
          if (before != null) {
            sink.accept(before, before.head());
          }
        }));
    requireWhole(chain);
    sink.accept(held.get(), chain.head());
  }

  @Override
  public List<IndividualEvent> biography(long individual) throws IOException {
    Life life = new Life(StreamName.biography(individual));
    rows("WHERE persistence_id = ? ORDER BY sequence_number", List.of(life.chain.name()), life::add);
    requireWhole(life.chain);
    return life.links.stream().map(link -> EventCodec.decodeIndividual(link.event())).toList();
  }

  /** In the order of the streams' names. */
  @Override
  public void lives(BiConsumer<Long, List<Link>> sink) throws IOException {
    Life[] current = {new Life("")};
    rows("WHERE persistence_id <> ? ORDER BY persistence_id, sequence_number", List.of(spineName), message -> {
      if (!message.stream().equals(current[0].chain.name())) {
        finish(current[0], sink);
        current[0] = new Life(message.stream());
      }
      current[0].add(message);
    });
    finish(current[0], sink);
  }

  private void finish(Life life, BiConsumer<Long, List<Link>> sink) throws IOException {
    OptionalLong individual = StreamName.individual(life.chain.name());
    if (individual.isPresent()) {
      requireWhole(life.chain);
      sink.accept(individual.getAsLong(), life.links);
    }
  }

  /** One biography as it is read. */
  private static final class Life {
    private final Chain chain;
    private final List<Link> links = new ArrayList<>();

    Life(String name) {
      this.chain = new Chain(name);
    }

    void add(JournalMessage message) {
      chain.endsAt(message.sequence());
      chain.next(message.sequence(), Optional.of(message)).ifPresent(links::add);
    }
  }

  private void requireWhole(Chain chain) throws UnusableHome {
    if (!chain.whole()) {
      throw journal.damaged("the stream " + chain.name() + " breaks off after event " + chain.head().sequence());
    }
  }

  private interface RowSink {
    void take(JournalMessage message) throws IOException;
  }

  private void rows(String where, List<?> values, RowSink sink) throws IOException {
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS + journals() + " " + where)) {
      statement.setFetchSize(FETCH);
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          sink.take(message(rows));
        }
      }
    } catch (SQLException e) {
      throw journal.unreadable(e);
    }
  }

  private static JournalMessage message(ResultSet row) throws SQLException {
    boolean ours = row.getInt(3) == JournalSerializer.IDENTIFIER && row.getString(4).equals(JournalSerializer.LINK);
    Optional<Link> link = Optional.empty();
    try {
      link = ours ? Optional.of(JournalSerializer.link(row.getBytes(5))) : Optional.empty();
    } catch (NotSerializableException tooShort) {
      // The stream breaks off here.
    }
    return new JournalMessage(row.getString(1), row.getLong(2), link);
  }

  @Override
  public void close() throws IOException {
    if (owned) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw journal.unreadable(e);
      }
    }
  }
}
