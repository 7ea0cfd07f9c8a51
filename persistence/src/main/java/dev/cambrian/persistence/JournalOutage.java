package dev.cambrian.persistence;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Optional;

/**
 * The journal stops or goes on to take events: what {@link PostgresWriteJournal} publishes on Akka's event
 * stream of its node.
 *
 * @param reason a clause; empty where the journal takes events again
 */
public record JournalOutage(Optional<String> reason) {

  /** Why a journal cannot be used now, and will be usable again; empty for any other failure. */
  public static Optional<String> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && (cause instanceof SQLTransientException || passes(sql.getSQLState()))) {
        return Optional.of(reason(sql));
      }
      // Akka's own words for a journal that answers late or not at all.
      String name = cause.getClass().getName();
      if (name.equals("akka.pattern.CircuitBreakerOpenException") || name.startsWith("akka.persistence.RecoveryTimedOut")
          || cause instanceof java.util.concurrent.TimeoutException) {
        return Optional.of("it does not answer");
      }
    }
    return Optional.empty();
  }

  /** What a failure says, in one line. */
  static String reason(SQLException failure) {
    String message = failure.getMessage() == null ? "no reason is given" : failure.getMessage();
    String line = message.lines().findFirst().orElse("").strip().replaceFirst("^(ERROR|FATAL|PANIC): ", "")
        .replaceFirst("\\.$", "");
    return "53100".equals(failure.getSQLState()) ? "its disk is full (" + line + ")" : line;
  }

  /**
   * Classes of SQL states: connections (08), too few resources (53: a full disk, no memory, too many connections), an
   * administrator or a crash (57), the system (58), a server that only reads (25006), a lock that is held (55P03).
   */
  private static boolean passes(String state) {
    return state != null && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P")
        || state.startsWith("58") || state.equals("25006") || state.equals("55P03"));
  }
}
