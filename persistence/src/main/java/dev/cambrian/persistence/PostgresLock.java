package dev.cambrian.persistence;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The courtesy between processes that would evolve one experiment: a lock of PostgreSQL that goes with the connection.
 * What keeps two populations from both having their events accepted is the primary key of the journal; this tells a
 * person before that. After an outage it is taken again.
 */
final class PostgresLock implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLock.class);
  private static final int VALID_SECONDS = 5;
  private static final int TRIES = 10;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PostgresServer server;
  private final String schema;
  private final boolean shared;
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
    Thread thread = new Thread(task, "journal-lock");
    thread.setDaemon(true);
    return thread;
  });
  private Connection connection;

  private PostgresLock(PostgresServer server, String schema, boolean shared, Connection connection) {
    this.server = server;
    this.schema = schema;
    this.shared = shared;
    this.connection = connection;
    watch.scheduleWithFixedDelay(this::retake, VALID_SECONDS, VALID_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Takes the lock of a schema.
   *
   * @param shared whether other processes that take it so may have it as well
   * @throws UnusableHome where it is held otherwise; it names who does
   */
  static PostgresLock take(PostgresServer server, PostgresSchema schema, String experiment, boolean shared)
      throws UnusableHome {
    Connection connection = null;
    try {
      connection = server.connect();
      // A process that was killed a moment ago may still be known to the server.
      for (int attempt = 0; attempt < TRIES; attempt++) {
        if (taken(connection, schema.name(), shared)) {
          return new PostgresLock(server, schema.name(), shared, connection);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      UnusableHome held = new UnusableHome(experiment + " in PostgreSQL at " + server.place() + " is in use by "
          + holder(connection, schema.name()) + "; stop it first.");
      close(connection, held);
      throw held;
    } catch (SQLException e) {
      close(connection, e);
      throw server.failure("the experiment " + experiment + " cannot be opened", e);
    }
  }

  private static boolean taken(Connection connection, String schema, boolean shared) throws SQLException {
    String function = shared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock";
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT " + function + "(hashtextextended(?, 0))")) {
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private static String holder(Connection connection, String schema) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(
        "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted"
            + " AND objsubid = 1 AND ((classid::bigint << 32) | objid::bigint) = hashtextextended(?, 0)")) {
      statement.setString(1, schema);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getString(1) != null ? row.getString(1) : "another process";
      }
    }
  }

  private synchronized void retake() {
    try {
      if (connection.isValid(VALID_SECONDS)) {
        return;
      }
      close(connection, new SQLException());
      Connection again = server.connect();
      if (taken(again, schema, shared)) {
        connection = again;
      } else {
        LOG.warn("{} took {} meanwhile; the journal accepts the events of one of us at a time",
            holder(again, schema), schema);
        again.close();
      }
    } catch (SQLException notThereYet) {
      LOG.debug("the lock of {} cannot be taken again yet: {}", schema, JournalOutage.reason(notThereYet));
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
    synchronized (this) {
      close(connection, new SQLException());
    }
  }

  /** Closes a connection that may be broken, or null. */
  static void close(Connection connection, Exception because) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException alsoFailed) {
        because.addSuppressed(alsoFailed);
      }
    }
  }
}
