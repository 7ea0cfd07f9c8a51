package dev.cambrian.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The schema of one experiment in PostgreSQL, {@code cambrian_NAME}, and its versions. Every version is a step of SQL
 * that goes on from the one before; what a step changes must leave programs of the version before able to write.
 */
public final class PostgresSchema {
  private static final String PREFIX = "cambrian_";

  /** PostgreSQL cuts longer names off without a word. */
  private static final int LONGEST = 63;

  private static final List<String> STEPS = List.of(resource("postgresql-1.sql"));

  private final PostgresServer server;
  private final String experiment;
  private final List<String> steps;

  PostgresSchema(PostgresServer server, String experiment, List<String> steps) {
    this.server = server;
    this.experiment = experiment;
    this.steps = List.copyOf(steps);
  }

  /**
   * The schema of an experiment.
   *
   * @throws UnusableHome for a name that is too long for one
   */
  static PostgresSchema of(PostgresServer server, String experiment) throws UnusableHome {
    if (PREFIX.length() + experiment.length() > LONGEST) {
      throw new UnusableHome("the experiment's name " + experiment + " is too long for a schema of PostgreSQL, which"
          + " takes " + (LONGEST - PREFIX.length()) + " characters of it; choose a shorter one.");
    }
    return new PostgresSchema(server, experiment, STEPS);
  }

  /** The names of the experiments that a server's database holds, in order. */
  public static List<String> experiments(PostgresServer server) throws IOException {
    List<String> names = new ArrayList<>();
    try (Connection connection = server.connect();
        PreparedStatement statement = connection.prepareStatement(
            "SELECT table_schema FROM information_schema.tables WHERE table_name = 'cambrian_version'"
                + " AND left(table_schema, ?) = ? ORDER BY table_schema")) {
      statement.setInt(1, PREFIX.length());
      statement.setString(2, PREFIX);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1).substring(PREFIX.length()));
        }
      }
      return names;
    } catch (SQLException e) {
      throw server.failure("the experiments cannot be listed", e);
    }
  }

  /**
   * What a migration did.
   *
   * @param from the version before; 0 for a schema that was not there
   * @param to the version now
   */
  public record Migrated(String experiment, int from, int to) {}

  /** Makes the schema of an experiment, or brings it to this program's version. */
  public static Migrated migrate(PostgresServer server, String experiment) throws IOException {
    return of(server, experiment).migrate();
  }

  /** Makes the schema, or brings it to this program's version; two at once are as good as one. */
  Migrated migrate() throws IOException {
    try (Connection connection = server.connect()) {
      connection.setAutoCommit(false);
      Migrated migrated = migrate(connection);
      connection.commit();
      return migrated;
    } catch (SQLException e) {
      throw server.failure("the schema " + name() + " cannot be made", e);
    }
  }

  /** As {@link #migrate()}, within a transaction. */
  Migrated migrate(Connection connection) throws SQLException, UnusableHome {
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 1))")) {
      lock.setString(1, name());
      lock.execute();
    }
    int from = version(connection);
    refuseNewer(from);
    try (Statement statement = connection.createStatement()) {
      if (from == 0) {
        statement.execute("CREATE SCHEMA " + quoted());
        statement.execute("CREATE TABLE " + table("cambrian_version")
            + " (version INTEGER PRIMARY KEY, made TIMESTAMPTZ NOT NULL DEFAULT now())");
      }
      statement.execute("SET LOCAL search_path TO " + quoted());
      for (int version = from + 1; version <= steps.size(); version++) {
        statement.execute(steps.get(version - 1));
        statement.execute("INSERT INTO " + table("cambrian_version") + " (version) VALUES (" + version + ")");
      }
    }
    return new Migrated(experiment, from, steps.size());
  }

  /** Whether it is there, in whatever version. */
  boolean exists(Connection connection) throws SQLException {
    return version(connection) > 0;
  }

  /**
   * Checks that this program can use it.
   *
   * @throws UnusableHome where it is missing, or of another version
   */
  void requireCurrent(Connection connection) throws SQLException, UnusableHome {
    int version = version(connection);
    refuseNewer(version);
    if (version == 0) {
      throw new UnusableHome("there is no experiment " + experiment + " in PostgreSQL at " + server.place()
          + ": it has no schema " + name() + "; 'cambrian evolve " + experiment + " --journal postgresql' begins one.");
    }
    if (version < steps.size()) {
      throw new UnusableHome("the schema " + name() + " in PostgreSQL at " + server.place() + " has version " + version
          + " and this program needs version " + steps.size() + ": run 'cambrian journal migrate " + experiment
          + "' first.");
    }
  }

  private void refuseNewer(int version) throws UnusableHome {
    if (version > steps.size()) {
      throw new UnusableHome("the schema " + name() + " in PostgreSQL at " + server.place() + " has version " + version
          + ", and this program knows versions up to " + steps.size()
          + ": a later version of Cambrian made it; use that one.");
    }
  }

  /** Its version; 0 where it is not there. */
  private int version(Connection connection) throws SQLException {
    try (PreparedStatement there = connection.prepareStatement(
        "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = 'cambrian_version'")) {
      there.setString(1, name());
      try (ResultSet row = there.executeQuery()) {
        if (!row.next()) {
          return 0;
        }
      }
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(version) FROM " + table("cambrian_version"))) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Puts it aside under another name, in which nothing finds it. */
  String setAside(Connection connection, String suffix) throws SQLException {
    String aside = ("moved_" + suffix + "_" + name());
    String cut = aside.substring(0, Math.min(LONGEST, aside.length()));
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER SCHEMA " + quoted() + " RENAME TO \"" + cut + "\"");
    }
    return cut;
  }

  String name() {
    return PREFIX + experiment;
  }

  /** A table of it, as SQL names it. */
  String table(String table) {
    return quoted() + "." + table;
  }

  /** An experiment's name holds no quotation marks. */
  private String quoted() {
    return '"' + name() + '"';
  }

  private static String resource(String name) {
    try (InputStream sql = PostgresSchema.class.getResourceAsStream(name)) {
      return new String(sql.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
