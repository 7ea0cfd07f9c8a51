package dev.cambrian.app;

import dev.cambrian.actors.Control;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.actors.ControlDecision;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.WeightStore;
import java.io.Closeable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Changes an experiment that no process evolves: the event is appended to its journal. */
record StoredSteering(Journal journal, WeightStores weights) implements Steering {

  @Override
  public ControlAnswer control(ControlRequest request) throws Exception {
    ExperimentHome home = journal.home();
    Optional<Long> holder = HomeLock.holder(home);
    if (holder.isPresent()) {
      throw UserError.failed("process " + holder.get() + " is about to evolve " + home.directory().getFileName()
          + ", or to end; try again in a moment.");
    }
    try (Closeable held = journal.hold(false); WeightStore store = weights.of(home)) {
      PopulationState population = StoredExperiment.read(journal, weights).map(StoredExperiment::population)
          .orElseThrow(() -> UserError.failed(
              home.directory().getFileName() + " has not begun yet; 'cambrian evolve' starts it."));
      Instant now = Instant.now();
      Control change = PastMoment.complete(request.change(), journal, store);
      ControlDecision decision = ControlDecision.of(population, request.id(), change, now);
      if (!decision.refusal().isEmpty()) {
        throw UserError.failed(decision.refusal());
      }
      if (decision.event().isEmpty()) {
        return new ControlAnswer(population.commands().get(request.id()), decision.note(), "");
      }
      // The time since the experiment stopped was none of evolution.
      List<PopulationEvent> events = List.of(new PopulationEvent.Resumed(now), decision.event().get());
      return new ControlAnswer(
          journal.append(population.head(), events).sequence(), decision.note(), "");
    }
  }
}
