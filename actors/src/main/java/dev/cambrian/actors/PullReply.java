package dev.cambrian.actors;

import dev.cambrian.model.MutationSettings;
import java.util.OptionalLong;

/** What a worker does next. */
sealed interface PullReply extends CborMessage {

  /**
   * Make this child and train it.
   *
   * @param attempt only this attempt's result counts
   * @param parent whose mutated copy it is; none for an initial individual
   * @param seed decides the genotype and the training; the same for every attempt
   * @param reset the event that gave up all weights, where the child is trained again from fresh ones; 0 for none
   */
  record Assignment(
      long child,
      int attempt,
      OptionalLong parent,
      long seed,
      MutationSettings mutation,
      PopulationState.Terms terms,
      long reset)
      implements PullReply {

    static Assignment of(PopulationState.Child child) {
      return new Assignment(child.id(), child.attempt(), child.parent(), child.seed(), child.mutation(),
          child.terms(), child.reset());
    }
  }

  /** Nothing now; ask again after this time. */
  record NoWork(long retryMillis) implements PullReply {}

  /** The end was reached: no need to ask again. */
  record Finished(long event) implements PullReply {}
}
