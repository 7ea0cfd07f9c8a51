package dev.cambrian.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * How PostgreSQL is reached. The password is no part of it: {@link PostgresPassword} reads it when it is asked for.
 *
 * @param url {@code jdbc:postgresql://HOST:PORT/DATABASE}, with the driver's own options behind {@code ?}
 * @param user whose tables they are
 * @param passwordFile the absolute path of the file that holds the password; empty where it is in the environment, or
 *     the server asks for none
 * @param pool how many connections a node keeps for its events
 */
public record PostgresServer(String url, String user, String passwordFile, int pool) {
  private static final String PROTOCOL = "jdbc:postgresql://";

  /** A backend whose client is gone must not hold a lock that keeps the next one from writing. */
  private static final String ON_CONNECT = String.join("; ",
      "SET synchronous_commit TO on",
      "SET lock_timeout TO '8s'",
      "SET idle_in_transaction_session_timeout TO '10s'",
      "SET tcp_keepalives_idle TO 5",
      "SET tcp_keepalives_interval TO 2",
      "SET tcp_keepalives_count TO 3",
      "SET tcp_user_timeout TO '10s'");

  /** A server whose address holds a password, or is none, is refused with a clause. */
  public PostgresServer {
    if (!url.startsWith(PROTOCOL)) {
      throw new IllegalArgumentException("must be " + PROTOCOL + "HOST:PORT/DATABASE");
    }
    if (url.matches("(?i).*[?&](ssl)?password=.*") || url.substring(PROTOCOL.length()).split("/")[0].contains("@")) {
      throw new IllegalArgumentException(
          "must not hold a password; name a file that does in password-file, or put it in " + PostgresPassword.VARIABLE);
    }
  }

  /** The server that a home remembers; empty where its journal is LevelDB's. */
  public static Optional<PostgresServer> of(ExperimentHome home) throws UnusableHome {
    try {
      Config config = ConfigFactory.parseString(Files.readString(home.postgresql()));
      return Optional.of(new PostgresServer(config.getString("url"), config.getString("user"),
          config.getString("password-file"), config.getInt("pool")));
    } catch (NoSuchFileException notThere) {
      return Optional.empty();
    } catch (IOException | ConfigException | IllegalArgumentException e) {
      throw new UnusableHome(home.postgresql() + " cannot be read (" + e.getMessage().lines().findFirst().orElse("")
          + "); it says where the experiment's journal is: restore it, or delete it and name the server with"
          + " cambrian.journal in application.conf.", new IOException(e));
    }
  }

  /** Makes a home remember it; on return that is on disk. */
  void remember(ExperimentHome home) throws IOException {
    if (of(home).equals(Optional.of(this))) {
      return;
    }
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("url", url);
    content.put("user", user);
    content.put("password-file", passwordFile);
    content.put("pool", pool);
    Path temporary = home.directory().resolve("postgresql.tmp");
    Files.writeString(temporary,
        ConfigValueFactory.fromMap(content).render(ConfigRenderOptions.concise().setFormatted(true)),
        StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(temporary, home.postgresql(), StandardCopyOption.ATOMIC_MOVE);
    Directories.flush(home.directory());
  }

  /** The address as a person reads it: without the driver's options. */
  public String place() {
    return url.substring("jdbc:".length()).replaceFirst("\\?.*", "");
  }

  /** A connection of this process. */
  Connection connect() throws SQLException {
    Properties properties = new Properties();
    connectionProperties().forEach(properties::setProperty);
    properties.setProperty("user", user);
    properties.setProperty("socketTimeout", "120");
    Connection connection = DriverManager.getConnection(url, properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(ON_CONNECT);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** The pool's keys, for Akka's plugin. */
  Config akkaConfig() {
    Config properties = ConfigFactory.empty();
    for (Map.Entry<String, String> property : connectionProperties().entrySet()) {
      properties = properties.withValue(property.getKey(), ConfigValueFactory.fromAnyRef(property.getValue()));
    }
    return ConfigFactory.parseMap(Map.of(
            "url", url, "user", user, "maxConnections", pool, "numThreads", pool, "connectionInitSql", ON_CONNECT))
        .withValue("properties", properties.withValue("socketTimeout", ConfigValueFactory.fromAnyRef("20")).root())
        .withValue("properties.reWriteBatchedInserts", ConfigValueFactory.fromAnyRef("true"))
        .atPath("akka-persistence-jdbc.shared-databases.slick.db");
  }

  private Map<String, String> connectionProperties() {
    return Map.of(
        "connectTimeout", "5",
        "loginTimeout", "10",
        "tcpKeepAlive", "true",
        "ApplicationName", applicationName(),
        "authenticationPluginClassName", PostgresPassword.class.getName(),
        PostgresPassword.FILE, passwordFile);
  }

  /** By this name others see who holds an experiment. */
  private static String applicationName() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      host = "this host";
    }
    return "process " + ProcessHandle.current().pid() + " on " + host;
  }

  /** A failure to talk to it, as a sentence. */
  UnusableHome failure(String what, SQLException why) {
    return new UnusableHome(what + " in PostgreSQL at " + place() + " as user " + user + ": "
        + JournalOutage.reason(why) + ".", new IOException(why));
  }
}
