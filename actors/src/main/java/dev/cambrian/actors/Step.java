package dev.cambrian.actors;

import dev.cambrian.model.Decision;
import dev.cambrian.model.Seeds;
import dev.cambrian.model.Strategy;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.PopulationEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** One step of evolution: what the strategy decides on the population's own state, as events. */
final class Step {
  private Step() {}

  /**
   * Decides until a child was conceived for the worker. A population over its set-point (it was made smaller) loses
   * some first, one tournament each.
   *
   * @return the child; empty where the strategy waits for a training to end
   */
  static Optional<PopulationState.Child> take(Batch batch, String worker, Instant at) {
    Strategy strategy = Strategy.named(batch.state().inForce().strategy());
    while (true) {
      PopulationState population = batch.state();
      ExperimentSettings settings = population.inForce();
      long selection = Seeds.derive(settings.seed(), population.decisions() + 1, "selection");
      Decision decision = strategy.decide(population, Seeds.random(selection));
      long child = population.conceived() + 1;
      long seed = Seeds.derive(settings.seed(), child, "child");
      if (decision instanceof Decision.StartAnew) {
        batch.add(new PopulationEvent.InitialAssigned(at, child, seed, worker));
        return Optional.of(batch.state().children().get(child));
      } else if (decision instanceof Decision.Tournament held && held.parent().isPresent()) {
        batch.add(new PopulationEvent.TournamentHeld(at, held.first(), held.second(), held.killed(), held.parent(),
            child, seed, settings.mutation(), worker));
        return Optional.of(batch.state().children().get(child));
      } else if (decision instanceof Decision.Tournament held && held.killed().isPresent()) {
        batch.add(new PopulationEvent.TournamentHeld(at, held.first(), held.second(), held.killed(),
            OptionalLong.empty(), 0, 0, settings.mutation(), ""));
      } else {
        return Optional.empty();
      }
    }
  }
}
