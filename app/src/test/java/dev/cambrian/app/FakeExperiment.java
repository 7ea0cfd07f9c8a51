package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.actors.ControlDecision;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.StateDigest;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalDouble;

/** An experiment in which nobody trains: its population takes or refuses every change by the rules, and keeps it. */
final class FakeExperiment implements ExperimentView, Steering {
  static final ExperimentSettings SETTINGS = new ExperimentSettings(
      1, "graph", "tournament", 24, MutationSettings.paper(), true,
      new ExperimentSettings.Training("surrogate", 150, 50, 0.9, 1e-4, "fp32", true, 1_000_000, 700, 4e12),
      new ExperimentSettings.Data("shapes", "", "cd".repeat(32), 1), "all");

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  private final Path folder;
  private PopulationState population = PopulationState.empty();

  FakeExperiment(Path folder) {
    this.folder = folder;
    append(new PopulationEvent.ExperimentStarted(AT, "fake", SETTINGS));
  }

  /** Its population as the changes left it. */
  synchronized PopulationState population() {
    return population;
  }

  private void append(PopulationEvent event) {
    population = population.after(event);
  }

  @Override
  public synchronized ControlAnswer control(ControlRequest request) {
    ControlDecision decision = ControlDecision.of(population, request.id(), request.change(), AT);
    if (!decision.refusal().isEmpty()) {
      throw UserError.failed(decision.refusal());
    }
    if (decision.event().isEmpty()) {
      return new ControlAnswer(population.commands().get(request.id()), decision.note(), "");
    }
    append(decision.event().get());
    StreamHead head = population.head();
    return new ControlAnswer(head.sequence(), decision.note(), "");
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public synchronized ObjectNode status() {
    return Json.status(ProgressTextTest.progress()).put("event", population.head().sequence());
  }

  @Override
  public BestModel best() {
    return JsonTest.best(OptionalDouble.empty());
  }

  @Override
  public synchronized StateDigest digest() {
    return StateDigest.of(population);
  }

  @Override
  public String engine() {
    return "surrogate";
  }
}
