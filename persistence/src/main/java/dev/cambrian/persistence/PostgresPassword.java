package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * Gives PostgreSQL's driver the password whenever a connection is made, from the environment or from a file: so it
 * stands in no configuration and no log, and a new one is used without a restart.
 */
public final class PostgresPassword implements AuthenticationPlugin {

  /** The environment's name for the password; it goes before the file. */
  public static final String VARIABLE = "CAMBRIAN_JOURNAL_PASSWORD";

  /** The connection's property that names the file. */
  static final String FILE = "cambrianPasswordFile";

  private final String file;

  /** For the driver, with the connection's properties. */
  public PostgresPassword(Properties properties) {
    this.file = properties.getProperty(FILE, "");
  }

  @Override
  public char[] getPassword(AuthenticationRequestType type) throws PSQLException {
    String variable = System.getenv(VARIABLE);
    if (variable != null && !variable.isEmpty()) {
      return variable.toCharArray();
    }
    if (file.isEmpty()) {
      throw new PSQLException("it asks for a password: name a file that holds it in"
          + " cambrian.journal.postgresql.password-file, or put it in " + VARIABLE, PSQLState.INVALID_PASSWORD);
    }
    try {
      return Files.readString(Path.of(file)).strip().toCharArray();
    } catch (IOException e) {
      throw new PSQLException("the password file " + file + " cannot be read", PSQLState.INVALID_PASSWORD, e);
    }
  }
}
