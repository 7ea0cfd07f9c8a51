package dev.cambrian.persistence.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * A history in an in-memory DuckDB, to be asked in SQL: one SELECT at a time, which can neither change anything nor
 * reach a file. That does not rest on what the SQL looks like: before anybody's SQL is looked at, the database is
 * barred from files, extensions and further changes of its configuration. The only file that it may write is the one
 * that it was opened for.
 *
 * <p>What does not fit into a quarter of the machine's memory is put aside in a folder of its own among the system's
 * temporary files. Half of the processors are left to whatever else runs.
 */
public final class HistoryDatabase implements AutoCloseable {
  private final Path spill;
  private final DuckDBConnection database;
  private final Optional<Export> export;
  private long lastEvent;
  private boolean biographiesLoaded;

  private HistoryDatabase(Path spill, DuckDBConnection database, Optional<Export> export) {
    this.spill = spill;
    this.database = database;
    this.export = export;
  }

  /** The file that an answer is for, and the one beside it that it is written to first. */
  private record Export(Path file, Path draft) {

    static Export to(Path file) throws IOException {
      Path absolute = file.toAbsolutePath();
      Path draft = Files.createTempFile(absolute.getParent(), "." + absolute.getFileName() + ".", ".tmp");
      Files.delete(draft);
      return new Export(absolute, draft);
    }

    String format() {
      return file.getFileName().toString().endsWith(".parquet") ? "FORMAT parquet" : "FORMAT csv, HEADER";
    }
  }

  /**
   * A database with the tables and no rows.
   *
   * @param export the file for {@link #export}: .parquet, or anything else for CSV; its folder must be there
   * @throws IOException with one sentence where DuckDB cannot run here, or a folder cannot be written to
   */
  public static HistoryDatabase open(Optional<Path> export) throws IOException {
    Optional<Export> to = export.isPresent() ? Optional.of(Export.to(export.get())) : Optional.empty();
    Path spill = spill();
    try {
      HistoryDatabase history = new HistoryDatabase(spill, connect(), to);
      try {
        history.barFiles();
        history.execute(resource("tables.sql"));
        return history;
      } catch (IOException | SQLException e) {
        history.database.close();
        throw e;
      }
    } catch (SQLException e) {
      delete(spill);
      throw new IOException("the database for queries cannot be set up: " + DuckDbWords.of(e), e);
    } catch (IOException e) {
      delete(spill);
      throw e;
    }
  }

  private static Path spill() throws IOException {
    try {
      return Files.createTempDirectory("cambrian-query-");
    } catch (IOException e) {
      throw new IOException("the folder for temporary files " + temporary() + " cannot be written to.", e);
    }
  }

  private static String temporary() {
    return System.getProperty("java.io.tmpdir");
  }

  private static DuckDBConnection connect() throws IOException, SQLException {
    try {
      // Answers are computed whole: in a streamed one the driver forgets what went wrong.
      return (DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
    } catch (LinkageError e) {
      Throwable reason = e;
      while (reason.getCause() != null) {
        reason = reason.getCause();
      }
      throw new IOException("DuckDB, which answers queries, cannot be loaded from the folder for temporary files "
          + temporary() + " (" + reason.getMessage() + "); choose one that programs may run from: "
          + "CAMBRIAN_JAVA_OPTIONS=-Djava.io.tmpdir=DIR.", e);
    }
  }

  private void barFiles() throws SQLException {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    execute("SET threads = " + threads);
    execute("SET memory_limit = '25%'");
    execute("SET temp_directory = " + literal(spill.resolve("spill")));
    execute("SET autoinstall_known_extensions = false");
    execute("SET autoload_known_extensions = false");
    if (export.isPresent()) {
      execute("SET allowed_paths = [" + literal(export.get().draft()) + "]");
    }
    execute("SET enable_external_access = false");
    execute("SET lock_configuration = true");
  }

  /**
   * Understands a query, before a long history is loaded for it.
   *
   * @throws QueryRefused where it is not one SELECT over these tables
   */
  public Question understand(String sql) throws QueryRefused {
    return Question.of(database, sql);
  }

  /**
   * Fills all tables.
   *
   * @throws IOException where the history cannot be read, or there is no room for it
   */
  public void load(HistorySource history) throws IOException {
    load(history, true);
  }

  /**
   * Fills the tables that a question looks at; where it asks for no biographies, the spine alone is read.
   *
   * @throws IOException where the history cannot be read, or there is no room for it
   */
  public void loadFor(Question question, HistorySource history) throws IOException {
    load(history, question.asksBiographies());
  }

  private void load(HistorySource history, boolean biographies) throws IOException {
    try {
      boolean graphs;
      try (SpineTables spine = new SpineTables(database)) {
        history.spine(spine::add);
        lastEvent = spine.last();
        graphs = spine.graphs();
      }
      if (biographies) {
        try (BiographyTables lives = new BiographyTables(database, graphs)) {
          history.biographies(lives::add);
        }
        execute(resource("assembly.sql"));
      }
      biographiesLoaded |= biographies;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (SQLException e) {
      throw new QueryFailed("the history cannot be put into tables: " + DuckDbWords.of(e), e);
    }
  }

  /** The number of the last event of the history that was loaded. */
  public long lastEvent() {
    return lastEvent;
  }

  /**
   * Answers a question.
   *
   * @return the number of rows
   * @throws QueryFailed where the answer cannot be computed
   */
  public long answer(Question question, Rows rows) throws QueryFailed {
    requireLoadedFor(question);
    try (Statement statement = database.createStatement()) {
      execute("BEGIN TRANSACTION READ ONLY");
      try (ResultSet result = statement.executeQuery(question.sql())) {
        return Plain.rows(result, rows);
      } finally {
        execute("ROLLBACK");
      }
    } catch (SQLException e) {
      throw new QueryFailed("the query failed: " + DuckDbWords.of(e), e);
    }
  }

  /**
   * Writes the answer to a question into the file that the database was opened for, in place of what was there.
   *
   * @return the number of rows
   * @throws QueryFailed where the answer cannot be computed or written
   */
  public long export(Question question) throws QueryFailed {
    Export to = export.orElseThrow(() -> new IllegalStateException("the database was opened for no file"));
    requireLoadedFor(question);
    try (Statement statement = database.createStatement()) {
      statement.execute("CREATE OR REPLACE TEMP VIEW answer AS " + question.sql());
      long rows = statement.executeLargeUpdate(
          "COPY answer TO " + literal(to.draft()) + " (" + to.format() + ", USE_TMP_FILE false)");
      Files.move(to.draft(), to.file(), StandardCopyOption.REPLACE_EXISTING);
      return rows;
    } catch (SQLException e) {
      throw new QueryFailed("the query failed: " + DuckDbWords.of(e), e);
    } catch (IOException e) {
      throw new QueryFailed(to.file() + " cannot be written: " + e.getMessage() + ".", e);
    }
  }

  private void requireLoadedFor(Question question) {
    if (question.asksBiographies() && !biographiesLoaded) {
      throw new IllegalStateException("the biographies that the question asks for are not loaded");
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = HistoryDatabase.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> left = Files.walk(folder)) {
      for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static String literal(Path path) {
    return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
  }

  @Override
  public void close() throws IOException {
    try {
      database.close();
    } catch (SQLException e) {
      throw new IOException("the database for queries cannot be closed: " + DuckDbWords.of(e), e);
    } finally {
      delete(spill);
      if (export.isPresent()) {
        Files.deleteIfExists(export.get().draft());
      }
    }
  }
}
