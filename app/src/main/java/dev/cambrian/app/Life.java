package dev.cambrian.app;

import dev.cambrian.model.MutationKind;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent.Trained;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What one individual's biography tells; it may be empty. */
record Life(List<IndividualEvent> biography) {

  /** How it was made; empty where that was not written yet, or was lost. */
  Optional<Conceived> conceived() {
    return biography.stream().filter(Conceived.class::isInstance).map(Conceived.class::cast).findFirst();
  }

  /** The mutations that it was made by; none of an initial individual. */
  List<MutationKind> mutations() {
    return conceived().map(Conceived::mutations).orElse(List.of());
  }

  /** The result of an attempt. */
  Optional<Trained> trained(int attempt) {
    return results().filter(trained -> trained.attempt() == attempt).findFirst();
  }

  /** The last result, also where a reset of all weights made it void. */
  Optional<Trained> lastTrained() {
    return results().reduce((before, after) -> after);
  }

  /** The fitness of its last result at a time. */
  OptionalDouble fitness(Instant at) {
    return results().filter(trained -> !trained.at().isAfter(at)).mapToDouble(Trained::fitness)
        .reduce((before, after) -> after);
  }

  private Stream<Trained> results() {
    return biography.stream().filter(Trained.class::isInstance).map(Trained.class::cast);
  }
}
