package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.StateDigest;
import dev.cambrian.actors.Until;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.training.WeightStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/** An experiment that no process evolves, as its journal tells it. */
final class StoredExperiment implements ExperimentView {
  private static final double MILLIS = 1000;

  private final Journal journal;
  private final WeightStores weights;
  private final PopulationState population;

  private StoredExperiment(Journal journal, WeightStores weights, PopulationState population) {
    this.journal = journal;
    this.weights = weights;
    this.population = population;
  }

  /** Reads an experiment whose journal may still be without any event; empty then. */
  static Optional<StoredExperiment> read(Journal journal, WeightStores weights) throws IOException {
    AtomicReference<PopulationState> told = new AtomicReference<>(PopulationState.empty());
    try (JournalReader reader = journal.read()) {
      reader.spine((link, event) -> told.set(told.get().updated(link)));
    }
    PopulationState population = told.get();
    return population.settings().isPresent()
        ? Optional.of(new StoredExperiment(journal, weights, population)) : Optional.empty();
  }

  /** Its population at the journal's end. */
  PopulationState population() {
    return population;
  }

  /** What it was started with, or forked with. */
  ExperimentSettings startedWith() {
    return population.started().orElseThrow();
  }

  /** What is in force now. */
  ExperimentSettings settings() {
    return population.settings().orElseThrow();
  }

  /** Whether it is at its end: nobody trains, the end is reached, and the test set was read for the best. */
  boolean reached(Until until) {
    return ended() && until.reached(population, population.runningMillis() / MILLIS);
  }

  /** The test set is read for the best only at an end; whoever went on from there has somebody in training. */
  private boolean ended() {
    return population.training() == 0 && test().isPresent();
  }

  private OptionalDouble test() {
    Double test = population.best().map(best -> population.tests().get(best.id())).orElse(null);
    return test == null ? OptionalDouble.empty() : OptionalDouble.of(test);
  }

  @Override
  public Path folder() {
    return journal.home().directory();
  }

  @Override
  public ObjectNode status() {
    return Json.status(new Progress(
        population.experiment(), ended() ? "finished" : "stopped", population.head().sequence(), population.conceived(),
        population.alive(), population.dead(), population.training(), population.failed(),
        population.best().map(best -> OptionalDouble.of(best.fitness())).orElse(OptionalDouble.empty()),
        population.best().map(best -> OptionalLong.of(best.id())).orElse(OptionalLong.empty()),
        OptionalDouble.empty(), population.flops(), population.runningMillis() / MILLIS, 0, 0, OptionalDouble.empty(),
        OptionalDouble.empty(), List.of()));
  }

  @Override
  public BestModel best() throws IOException {
    PopulationState.Best best = population.best()
        .orElseThrow(() -> UserError.failed("nobody of " + population.experiment() + " was trained yet."));
    IndividualEvent.Conceived conceived = null;
    IndividualEvent.Trained trained = null;
    try (JournalReader reader = journal.read()) {
      for (IndividualEvent event : reader.biography(best.id())) {
        if (event instanceof IndividualEvent.Conceived made) {
          conceived = made;
        } else if (event instanceof IndividualEvent.Trained result && result.weights().equals(best.weights())) {
          trained = result;
        }
      }
    }
    try (WeightStore store = weights.of(journal.home())) {
      return new BestFiles(population.experiment(), folder(), store, DataDescription.read(folder()))
          .write(best.id(), conceived, trained, test());
    }
  }

  @Override
  public StateDigest digest() {
    return StateDigest.of(population);
  }

  @Override
  public String engine() {
    return settings().training().engine();
  }
}
