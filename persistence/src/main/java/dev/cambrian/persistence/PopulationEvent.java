package dev.cambrian.persistence;

import dev.cambrian.model.MutationSettings;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * The spine: everything that happened to one population, in the one order that counts. An event's number is its
 * sequence number in this stream. Individuals are numbered from 1 in the order of their conception.
 */
public sealed interface PopulationEvent {

  /** When it was decided, by the population's clock. */
  Instant at();

  /** The first event of every experiment: what it was started with. */
  record ExperimentStarted(Instant at, String experiment, ExperimentSettings settings) implements PopulationEvent {}

  /** The first event of a later run of the experiment: the time since the event before it was no running time. */
  record Resumed(Instant at) implements PopulationEvent {}

  /** Fewer than two individuals to choose from: a new initial individual was assigned, as attempt 1. */
  record InitialAssigned(Instant at, long child, long seed, String worker) implements PopulationEvent {}

  /**
   * A pair was compared (Real17's step): the worse may have died, the better may have a child, assigned as attempt 1.
   * Child, parent, seed, settings and worker are there together or not at all (child 0 where the step only killed).
   *
   * @param seed decides, with the parent's genotype and the settings, the child's genotype, and then its training
   */
  record TournamentHeld(
      Instant at,
      long first,
      long second,
      OptionalLong killed,
      OptionalLong parent,
      long child,
      long seed,
      MutationSettings mutation,
      String worker)
      implements PopulationEvent {}

  /** A child whose worker was lost was handed out again, under a new attempt number. */
  record Reassigned(Instant at, long child, int attempt, String worker) implements PopulationEvent {}

  /** A child was trained and is ALIVE. {@code biography} is the head of its own stream, so that its loss is noticed. */
  record ChildTrained(
      Instant at,
      long child,
      int attempt,
      double fitness,
      String weights,
      double flops,
      long parameters,
      StreamHead biography)
      implements PopulationEvent {}

  /** A child could not be built or trained; it never lived. */
  record ChildFailed(
      Instant at, long child, int attempt, String reason, String message, double flops, StreamHead biography)
      implements PopulationEvent {}

  /** Weights that nothing names any more were deleted from the store. */
  record WeightsCollected(Instant at, List<String> weights) implements PopulationEvent {
    public WeightsCollected {
      weights = List.copyOf(weights);
    }
  }

  /** The test set was read for a reported individual: once, and kept. */
  record TestRead(Instant at, long individual, double testAccuracy) implements PopulationEvent {}

  /**
   * Acknowledged loss of events was accepted by the user: the history goes on from the event before this one, the last
   * sound one. Written by the journal's repair, never by the population.
   *
   * @param individuals whose biographies lost what the spine knows of them: those ALIVE or TRAINING are dead from here
   *     on
   */
  record LossAccepted(Instant at, String what, List<Long> individuals) implements PopulationEvent {
    public LossAccepted {
      individuals = List.copyOf(individuals);
    }
  }

  /**
   * A setting was changed while the experiment runs: it holds for everything that is decided from here on.
   *
   * @param command the client's id of the request, empty where it gave none; so of every event that answers one
   * @param key as in the request, e.g. {@code "mutation.filter-size"}
   * @param value as in the request
   * @param settings all settings as they are now
   */
  record SettingsChanged(Instant at, String command, String key, String value, ExperimentSettings settings)
      implements PopulationEvent {}

  /** Nothing new is assigned from here on; trainings in flight go on. */
  record Paused(Instant at, String command) implements PopulationEvent {}

  /** Assigned again from here on. */
  record Unpaused(Instant at, String command) implements PopulationEvent {}

  /**
   * All weights were given up (Real17, section 3.2): every ALIVE individual is TRAINING again, from fresh weights, and
   * what was in training begins again from fresh weights under its next attempt. Fitness from before does not count.
   */
  record WeightsReset(Instant at, String command) implements PopulationEvent {}

  /** Biographies that know of their individuals' death: they need not be told again. */
  record KillsAcknowledged(Instant at, List<Long> individuals) implements PopulationEvent {
    public KillsAcknowledged {
      individuals = List.copyOf(individuals);
    }
  }

  /**
   * A moment of the history is kept: the weights that it names stay in the store.
   *
   * @param event the moment: the spine's event of that number
   * @param weights what the living, the best and the children in training named then
   */
  record MomentPinned(Instant at, String command, long event, List<String> weights) implements PopulationEvent {
    public MomentPinned {
      weights = List.copyOf(weights);
    }
  }

  /** A moment is kept no longer. */
  record MomentUnpinned(Instant at, String command, long event) implements PopulationEvent {}

  /**
   * The first event of a fork's own: everything before it is its parent's past.
   *
   * @param experiment the fork's name
   * @param parent the name of the experiment that it was forked from
   * @param event the parent's event after which their futures part
   * @param settings with which the fork goes on
   */
  record Forked(Instant at, String experiment, String parent, long event, ExperimentSettings settings)
      implements PopulationEvent {}
}
