package dev.cambrian.persistence;

import java.io.IOException;

/**
 * Whether a journal holds everything that was ever acknowledged. To be asked before Akka opens the journal, by whoever
 * holds the home's lock: LevelDB itself drops damaged records without a word and makes anew what is missing.
 *
 * <p>Three witnesses must agree: the files (every byte of logs and manifest by its checksum, every table that the
 * manifest names, LevelDB's own numbering of writes), the chains (every record carries the hash of the one before; the
 * spine carries the biographies' heads), and the head file, because no chain can tell that its end is missing.
 */
public final class JournalCheck {
  private JournalCheck() {}

  /**
   * Checks a home's journal. Nothing in the journal's directory is changed.
   *
   * @throws IOException where the home cannot be read or has no room for a copy of the journal's logs
   * @throws IllegalArgumentException with one sentence where a later version of Cambrian wrote the journal
   */
  public static JournalVerdict check(ExperimentHome home) throws IOException {
    JournalRepair.finish(home);
    try (JournalExamination examination = JournalExamination.of(home)) {
      return examination.verdict();
    }
  }
}
