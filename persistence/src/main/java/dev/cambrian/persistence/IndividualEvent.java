package dev.cambrian.persistence;

import dev.cambrian.model.MutationKind;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** A biography: everything that happened to one individual, in its own stream. */
public sealed interface IndividualEvent {

  /** When, by the individual's clock. */
  Instant at();

  /**
   * The genotype was made, before any training.
   *
   * @param generation 0 for an initial individual, otherwise the parent's plus 1
   * @param genotype versioned JSON of the search space
   * @param inherits whether weights are inherited from the parent
   */
  record Conceived(
      Instant at,
      long id,
      OptionalLong parent,
      int generation,
      List<MutationKind> mutations,
      String genotype,
      boolean inherits,
      long parameters)
      implements IndividualEvent {
    public Conceived {
      mutations = List.copyOf(mutations);
    }
  }

  /** From here on only this attempt's result counts; earlier ones are answered and ignored. */
  record AttemptFenced(Instant at, int attempt) implements IndividualEvent {}

  /** The attempt ended in a model. */
  record Trained(
      Instant at,
      int attempt,
      double fitness,
      String weights,
      double flops,
      List<CurvePoint> curve,
      long tookMillis,
      String worker)
      implements IndividualEvent {
    public Trained {
      curve = List.copyOf(curve);
    }
  }

  /** The attempt ended without a model. */
  record Failed(Instant at, int attempt, String reason, String message, double flops, String worker)
      implements IndividualEvent {}

  /**
   * Its weights were given up: it trains again, from fresh ones, and only a result of this attempt or a later one counts.
   *
   * @param event the spine's event that says so for the whole population
   */
  record WeightsReset(Instant at, int attempt, long event) implements IndividualEvent {}

  /** The individual lost a tournament, the spine's event of that number. */
  record Killed(Instant at, long event) implements IndividualEvent {}

  /** Mean training loss and accuracy since the point before, at a step. */
  record CurvePoint(long step, double loss, double accuracy) {}
}
