package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;

/**
 * Going on after a loss: a new journal with the sound beginning of the spine, those beginnings of biographies that
 * belong to it, and the event that says so, in place of the damaged one, which is kept aside.
 */
public final class JournalRepair {
  private static final String BUILDING = "journal.building";
  private static final String BUILT = "journal.built";

  /**
   * What was done.
   *
   * @param spine the new journal's last event
   * @param individuals whose biographies lost what the spine knows of them, as {@code LossAccepted} names them
   * @param damaged where the old journal is kept
   */
  public record Repaired(StreamHead spine, List<Long> individuals, Path damaged) {}

  private JournalRepair() {}

  /**
   * Cuts the history at its last sound event, and appends {@link PopulationEvent.LossAccepted} to it. Where not even
   * the first event is sound, the new journal is empty. Snapshots are put aside, too.
   *
   * @param at the time of the event
   * @throws IllegalStateException where {@link JournalCheck} finds nothing lost
   */
  public static Repaired truncate(ExperimentHome home, Instant at) throws IOException {
    finish(home);
    Path building = home.directory().resolve(BUILDING);
    Path built = home.directory().resolve(BUILT);
    Directories.delete(building);
    Directories.delete(built);
    StreamHead spine = StreamHead.EMPTY;
    List<Long> individuals;
    try (JournalExamination examination = JournalExamination.of(home)) {
      if (!(examination.verdict() instanceof JournalVerdict.Lost lost)) {
        throw new IllegalStateException("the journal " + home.journal() + " has lost nothing");
      }
      individuals = lost.individuals();
      if (examination.copy().isPresent()) {
        spine = build(building, examination.copy().get(), examination.content().orElseThrow(), lost, at);
      } else {
        Files.createDirectories(building);
      }
    }
    Files.move(building, built, StandardCopyOption.ATOMIC_MOVE);
    Path damaged = putAside(home.snapshots(), home.journal());
    finish(home);
    HeadFile.create(home.head(), spine);
    return new Repaired(spine, individuals, damaged);
  }

  /** Puts a new journal in its place that a crash left beside it. */
  static void finish(ExperimentHome home) throws IOException {
    Path built = home.directory().resolve(BUILT);
    if (Files.exists(built) && !Files.exists(home.journal())) {
      Files.move(built, home.journal(), StandardCopyOption.ATOMIC_MOVE);
      Directories.flush(home.directory());
    }
  }

  /** Renames both directories, where they are there, to the same free number; the journal last. */
  private static Path putAside(Path snapshots, Path journal) throws IOException {
    int number = 1;
    while (Files.exists(aside(snapshots, number)) || Files.exists(aside(journal, number))) {
      number++;
    }
    for (Path directory : List.of(snapshots, journal)) {
      if (Files.exists(directory)) {
        Files.move(directory, aside(directory, number), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return aside(journal, number);
  }

  private static Path aside(Path directory, int number) {
    return directory.resolveSibling(directory.getFileName() + ".damaged-" + number);
  }

  private static StreamHead build(
      Path directory, JournalCopy source, JournalContent content, JournalVerdict.Lost lost, Instant at)
      throws IOException {
    KnownIndividuals known = content.known();
    PastJournal.Past past = new PastJournal.Past(
        content.names(), content.spineName(), content.spineName(), content.spine(), known::possible);
    try (PastJournal journal = PastJournal.write(directory, source, past, known)) {
      if (!content.spine().equals(StreamHead.EMPTY)) {
        String what = lost.place() + ": " + lost.extent();
        journal.append(List.of(new PopulationEvent.LossAccepted(at, what, lost.individuals())));
      }
      return journal.spine();
    }
  }
}
