package dev.cambrian.actors;

import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import java.time.Instant;

/** The end of a child's training, as its biography tells it and the spine takes it. */
final class Outcome {
  private Outcome() {}

  /** Decides the end of a child's training, if it is awaited: what is repeated or late changes nothing. */
  static void take(Batch batch, Biography child, Instant at) {
    if (child.trained().isPresent()) {
      IndividualEvent.Trained result = child.trained().get();
      if (batch.state().awaits(child.id(), result.attempt())) {
        long parameters = child.conceived().orElseThrow().parameters();
        batch.add(new PopulationEvent.ChildTrained(at, child.id(), result.attempt(), result.fitness(),
            result.weights(), result.flops(), parameters, child.head()));
      }
    } else if (child.failed().isPresent()) {
      IndividualEvent.Failed result = child.failed().get();
      if (batch.state().awaits(child.id(), result.attempt())) {
        batch.add(new PopulationEvent.ChildFailed(at, child.id(), result.attempt(), result.reason(),
            result.message(), result.flops(), child.head()));
      }
    }
  }
}
