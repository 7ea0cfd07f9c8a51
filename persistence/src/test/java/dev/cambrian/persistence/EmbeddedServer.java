package dev.cambrian.persistence;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real PostgreSQL of a test class's own, where that registers one in a static field; it can be stopped and started
 * again with what it holds.
 */
public final class EmbeddedServer implements BeforeAllCallback, AfterAllCallback {
  private Path data;
  private int port;
  private EmbeddedPostgres running;

  /** One whose files lie where others' do. */
  public EmbeddedServer() {}

  /** @param data the folder for its files, which need not exist */
  public EmbeddedServer(Path data) {
    this.data = data;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    data = data == null ? Files.createTempDirectory("postgresql-data") : Files.createDirectories(data);
    running = builder().start();
    port = running.getPort();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    running.close();
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(data)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }

  private EmbeddedPostgres.Builder builder() {
    return EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
  }

  public PostgresServer server() {
    return new PostgresServer("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "", 4);
  }

  /** Lets a network in, without a password. */
  public void openTo(String network) throws IOException {
    stop();
    Files.writeString(data.resolve("pg_hba.conf"), "host all all " + network + " trust\n", StandardOpenOption.APPEND);
    Files.writeString(data.resolve("postgresql.auto.conf"), "listen_addresses = '*'\n", StandardOpenOption.APPEND);
    startAgain();
  }

  /** Takes away an experiment's journal, where there is one. */
  public void drop(String experiment) throws SQLException {
    try (Connection connection = server().connect(); Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS \"cambrian_" + experiment + "\" CASCADE");
    }
  }

  Path data() {
    return data;
  }

  public void stop() throws IOException {
    running.close();
  }

  public void startAgain() throws IOException {
    running = builder().setPort(port).start();
  }
}
