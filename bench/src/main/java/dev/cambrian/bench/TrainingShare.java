package dev.cambrian.bench;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The share of wall time that the workers of a finished, uninterrupted run spent on training and validating, from its
 * journal: the sum over all trainings, over workers times the time from the first assignment to the last result.
 *
 * <p>Usage: {@code TrainingShare HOME/NAME WORKERS}
 */
public final class TrainingShare {
  private TrainingShare() {}

  /** Prints one line. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("usage: TrainingShare HOME/NAME WORKERS");
      System.exit(2);
    }
    int workers = Integer.parseInt(arguments[1]);
    List<Long> children = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    long trainedMillis = 0;
    try (JournalReader journal = Journal.of(new ExperimentHome(Path.of(arguments[0]))).read()) {
      journal.spine((link, event) -> {
        if (event instanceof PopulationEvent.InitialAssigned) {
          times.add(event.at());
        } else if (event instanceof PopulationEvent.ChildTrained trained) {
          times.add(event.at());
          children.add(trained.child());
        }
      });
      for (long child : children) {
        for (IndividualEvent event : journal.biography(child)) {
          if (event instanceof IndividualEvent.Trained trained) {
            trainedMillis += trained.tookMillis();
          }
        }
      }
    }
    long wall = Duration.between(times.get(0), times.get(times.size() - 1)).toMillis();
    System.out.printf(Locale.ROOT,
        "%d trainings of %.2f s on %d workers in %.0f s: training %.2f %% of the time, %.1f ms between two%n",
        children.size(), trainedMillis / 1000.0 / children.size(), workers, wall / 1000.0,
        100.0 * trainedMillis / (wall * workers), ((double) wall * workers - trainedMillis) / children.size());
  }
}
