package dev.cambrian.persistence.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** A table that is filled from its first row to its last; what was appended is there once it is closed. */
final class Table implements AutoCloseable {
  private final String name;
  private final DuckDBAppender appender;

  Table(DuckDBConnection database, String schema, String name) throws SQLException {
    this.name = name;
    this.appender = database.createAppender(schema, name);
  }

  /**
   * Appends a row: a value for each column, null for none.
   *
   * @throws UncheckedIOException where the database has no room for it
   */
  void row(Object... values) {
    try {
      appender.beginRow();
      for (Object value : values) {
        append(value);
      }
      appender.endRow();
    } catch (SQLException e) {
      throw new UncheckedIOException(new IOException("the table " + name + " cannot be filled: " + e.getMessage(), e));
    }
  }

  private void append(Object value) throws SQLException {
    if (value == null) {
      appender.appendNull();
    } else if (value instanceof Long number) {
      appender.append(number.longValue());
    } else if (value instanceof Integer number) {
      appender.append(number.intValue());
    } else if (value instanceof Double number) {
      appender.append(number.doubleValue());
    } else if (value instanceof Boolean truth) {
      appender.append(truth.booleanValue());
    } else if (value instanceof String text) {
      appender.append(text);
    } else if (value instanceof Instant time) {
      appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    } else if (value instanceof Collection<?> list) {
      appender.append(list);
    } else {
      throw new IllegalArgumentException("the table " + name + " has no column for a " + value.getClass().getName());
    }
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}
