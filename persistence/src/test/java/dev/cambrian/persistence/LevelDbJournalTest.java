package dev.cambrian.persistence;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The journal's contract over LevelDB. */
class LevelDbJournalTest extends JournalContract {
  @TempDir Path directory;

  @Override
  Journal journal(String experiment) {
    return new LevelDbJournal(new ExperimentHome(directory.resolve(experiment)));
  }

  @Override
  Journal of(ExperimentHome home) {
    return new LevelDbJournal(home);
  }
}
