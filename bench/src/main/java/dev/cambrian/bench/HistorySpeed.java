package dev.cambrian.bench;

import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.Rewind;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How fast a history is replayed, against reading alone, and how long it takes to go back to a moment of it: from the
 * closed journal to the population, opened anew each time.
 *
 * <p>Usage: {@code HistorySpeed HOME ROUNDS}, with the home of one experiment, whether a process evolves it or not.
 */
public final class HistorySpeed {
  private static final double NANOS = 1e9;

  private HistorySpeed() {}

  /** Prints a line a round, and then one for each power of ten in the history. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2) {
      System.err.println("usage: HistorySpeed HOME ROUNDS");
      System.exit(2);
    }
    ExperimentHome home = ExperimentHome.open(Path.of(arguments[0]));
    long last;
    try (JournalReader history = Journal.of(home).read()) {
      last = history.last();
      Rewind rewind = Rewind.of(history);
      for (int round = 1; round <= Integer.parseInt(arguments[1]); round++) {
        long began = System.nanoTime();
        history.spine((link, event) -> {});
        long read = System.nanoTime();
        rewind.play(PopulationState.empty(), last, (before, event, after) -> {});
        long replayed = System.nanoTime();
        double reading = last * NANOS / (read - began);
        double replaying = last * NANOS / (replayed - read);
        System.out.printf(Locale.ROOT, "round %d: %,d events, read and verified %,.0f/s, replayed %,.0f/s: ratio %.2f%n",
            round, last, reading, replaying, replaying / reading);
      }
    }
    for (long event = 1_000; event <= last; event *= 10) {
      rewind(home, event - 1);
      rewind(home, event);
    }
    rewind(home, last);
  }

  private static void rewind(ExperimentHome home, long event) throws Exception {
    long began = System.nanoTime();
    try (JournalReader history = Journal.of(home).read()) {
      long opened = System.nanoTime();
      PopulationState population = Rewind.of(history).to(event);
      long there = System.nanoTime();
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.printf(Locale.ROOT, "event %,d: opened in %.3f s, rewound in %.3f s, %d alive; heap %d MiB%n",
          event, (opened - began) / NANOS, (there - opened) / NANOS, population.alive(),
          (runtime.totalMemory() - runtime.freeMemory()) >> 20);
    }
  }
}
