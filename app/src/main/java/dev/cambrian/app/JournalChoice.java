package dev.cambrian.app;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.LevelDbJournal;
import dev.cambrian.persistence.PostgresJournal;
import dev.cambrian.persistence.PostgresServer;
import java.io.IOException;
import java.util.Optional;

/** Which journal an experiment has: the one that it was begun with, and for a new one the one that is configured. */
final class JournalChoice {
  private JournalChoice() {}

  /**
   * The journal of a home, which need not be there. Where both the home and the configuration name PostgreSQL, the
   * configuration says how it is reached.
   *
   * @param option the command line's own option that names the kind, if one does
   * @throws UserError where that option asks for another kind than the experiment's
   */
  static Journal of(ExperimentHome home, Configuration.Journal wanted, Optional<String> option) throws IOException {
    Optional<PostgresServer> remembered = PostgresServer.of(home);
    LevelDbJournal files = new LevelDbJournal(home);
    if (remembered.isPresent()) {
      if (!wanted.onPostgresql() && option.isPresent()) {
        throw other(home, "PostgreSQL at " + remembered.get().place(), option.get(), "postgresql", "leveldb");
      }
      return PostgresJournal.of(home, wanted.onPostgresql() ? wanted.postgresql() : remembered.get());
    }
    if (!wanted.onPostgresql()) {
      return files;
    }
    if (!files.begun()) {
      return PostgresJournal.of(home, wanted.postgresql());
    }
    if (option.isPresent()) {
      throw other(home, files.place(), option.get(), "leveldb", "postgresql");
    }
    return files;
  }

  private static UserError other(ExperimentHome home, String place, String option, String kind, String asked) {
    String name = home.directory().getFileName().toString();
    return UserError.usage(name + " has its journal in " + place + ", but " + option + " asks for " + asked
        + ": leave it out to go on, or move it with 'cambrian journal copy " + name + " --from " + kind + " --to "
        + asked + "'.");
  }
}
