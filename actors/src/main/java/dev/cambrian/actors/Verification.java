package dev.cambrian.actors;

import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.KeptSnapshots;
import dev.cambrian.persistence.Snapshot;
import dev.cambrian.persistence.StreamHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The test that a history is all there is: every event folded from the first on, and the population that this gives
 * compared, byte by byte, with every snapshot that was taken while it was lived, and with the state of the process that
 * lives it now.
 *
 * @param end the spine's end, which the fold reached
 * @param snapshots by event
 * @param live the comparison with the running process; empty where none runs
 */
public record Verification(StreamHead end, List<Compared> snapshots, Optional<Compared> live) {

  /** What a comparison found. */
  public enum Result {
    /** The same bytes. */
    EQUAL,
    /** The history tells of another state. */
    DIFFERENT,
    /** There is nothing to compare with: a snapshot is damaged, or of another version. */
    UNREADABLE
  }

  /**
   * One comparison.
   *
   * @param event after which the states were compared
   * @param what differs, as a clause; empty where they are equal
   */
  public record Compared(long event, Result result, String what) {}

  public Verification {
    snapshots = List.copyOf(snapshots);
  }

  /** Whether nothing differs. */
  public boolean holds() {
    return count(Result.DIFFERENT) == 0 && live.map(one -> one.result() == Result.EQUAL).orElse(true);
  }

  /** How many comparisons with snapshots came out so. */
  public long count(Result result) {
    return snapshots.stream().filter(one -> one.result() == result).count();
  }

  /**
   * Folds a history, and compares.
   *
   * @param live what the process that evolves the experiment answered before the history was opened, if one does
   */
  public static Verification of(JournalReader history, Optional<StateDigest> live) throws IOException {
    KeptSnapshots kept = history.snapshots();
    // A running process may have taken one since.
    SortedSet<Long> taken = kept.events().headSet(history.last() + 1);
    SortedSet<Long> stops = new TreeSet<>(taken);
    live.ifPresent(digest -> stops.add(digest.event()));
    List<Compared> snapshots = new ArrayList<>();
    Optional<Compared> process = Optional.empty();
    Rewind whole = Rewind.without(history);
    PopulationState population = PopulationState.empty();
    for (long stop : stops) {
      population = whole.play(population, stop, (before, event, after) -> {});
      if (taken.contains(stop)) {
        snapshots.add(compare(population, kept.read(stop)));
      }
      if (live.isPresent() && live.get().event() == stop) {
        process = Optional.of(compare(population, live.get()));
      }
    }
    population = whole.play(population, Long.MAX_VALUE, (before, event, after) -> {});
    return new Verification(population.head(), snapshots, process);
  }

  private static Compared compare(PopulationState folded, Optional<Snapshot> kept) {
    long event = folded.head().sequence();
    if (kept.isEmpty()) {
      return new Compared(event, Result.UNREADABLE, "it is damaged");
    }
    if (!PopulationSnapshot.isToday(kept.get())) {
      return new Compared(event, Result.UNREADABLE, "it is of version " + kept.get().version() + " of the state");
    }
    return PopulationSnapshot.of(folded).difference(kept.get())
        .map(path -> new Compared(event, Result.DIFFERENT, path + " differs"))
        .orElse(new Compared(event, Result.EQUAL, ""));
  }

  private static Compared compare(PopulationState folded, StateDigest live) {
    StateDigest told = StateDigest.of(folded);
    if (told.equals(live)) {
      return new Compared(live.event(), Result.EQUAL, "");
    }
    return new Compared(live.event(), Result.DIFFERENT, told.event() == live.event()
        ? "the process holds another state than its history tells" : "the history ends before it");
  }
}
