package dev.cambrian.app;

import dev.cambrian.persistence.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

/** A real PostgreSQL of this test's own, which can be stopped and started again with what it holds. */
final class EmbeddedServer implements AutoCloseable {
  private final Path data;
  private final int port;
  private EmbeddedPostgres running;

  private EmbeddedServer(Path data, EmbeddedPostgres running) {
    this.data = data;
    this.port = running.getPort();
    this.running = running;
  }

  /** Starts one whose files are in a directory. */
  static EmbeddedServer start(Path directory) throws IOException {
    Path data = directory.resolve("postgresql-data");
    return new EmbeddedServer(
        data, EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).start());
  }

  PostgresServer server() {
    return new PostgresServer("jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "", 4);
  }

  void stop() throws IOException {
    running.close();
  }

  void startAgain() throws IOException {
    running = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false).setPort(port).start();
  }

  @Override
  public void close() throws IOException {
    running.close();
  }
}
