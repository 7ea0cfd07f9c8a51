package dev.cambrian.persistence.history;

import dev.cambrian.persistence.PopulationEvent;

/**
 * What the table {@code events} tells of one event besides its number, time and type; null where an event has no such
 * thing.
 *
 * @param individual whom it is about; the child, where it assigns one
 * @param detail what else there is to say, for a person
 */
record EventRow(
    Long individual, Integer attempt, String worker, Double fitness, Double flops, String command, String detail) {

  static EventRow of(PopulationEvent event) {
    if (event instanceof PopulationEvent.ExperimentStarted started) {
      return said(started.experiment());
    } else if (event instanceof PopulationEvent.InitialAssigned assigned) {
      return assigned(assigned.child(), 1, assigned.worker());
    } else if (event instanceof PopulationEvent.TournamentHeld held) {
      return held.child() == 0 ? said(null) : assigned(held.child(), 1, held.worker());
    } else if (event instanceof PopulationEvent.Reassigned again) {
      return assigned(again.child(), again.attempt(), again.worker());
    } else if (event instanceof PopulationEvent.ChildTrained trained) {
      return new EventRow(trained.child(), trained.attempt(), null, trained.fitness(), trained.flops(), null, null);
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      return new EventRow(failed.child(), failed.attempt(), null, null, failed.flops(), null,
          failed.reason() + ": " + failed.message());
    } else if (event instanceof PopulationEvent.TestRead read) {
      return new EventRow(read.individual(), null, null, null, null, null, "test accuracy " + read.testAccuracy());
    } else if (event instanceof PopulationEvent.WeightsCollected collected) {
      return said(collected.weights().size() + " weights");
    } else if (event instanceof PopulationEvent.KillsAcknowledged told) {
      return said(told.individuals().size() + " kills");
    } else if (event instanceof PopulationEvent.LossAccepted loss) {
      return said(loss.what());
    }
    return ControlRow.of(event)
        .map(control -> new EventRow(null, null, null, null, null, control.command(), control.text()))
        .orElse(said(null));
  }

  private static EventRow assigned(long child, int attempt, String worker) {
    return new EventRow(child, attempt, worker, null, null, null, null);
  }

  private static EventRow said(String detail) {
    return new EventRow(null, null, null, null, null, null, detail);
  }
}
