package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent.CurvePoint;
import dev.cambrian.persistence.IndividualEvent.Trained;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One individual's whole life up to a moment: how it was made, whom it met, what became of it, its children, and how it
 * was trained.
 *
 * @param moment the event up to which it is told
 * @param state {@code "training"}, {@code "alive"}, {@code "dead"} or {@code "failed"} at that moment
 * @param events that concern it, in order
 * @param trained the result that counts at that moment
 * @param test its test accuracy, where that was read
 */
record LifeStory(
    String experiment,
    long individual,
    long moment,
    String state,
    Optional<Conceived> conceived,
    List<Told> events,
    Optional<Trained> trained,
    OptionalDouble test) {

  /** An event of the population that concerns the individual. */
  record Told(long event, PopulationEvent happened, String words) {}

  /** So many events are read before it is looked whether the life has ended. */
  private static final int STRETCH = 1024;

  /**
   * Tells a life.
   *
   * @param population the population at the moment
   * @throws UserError where nobody of that number was conceived before
   */
  static LifeStory of(RecordedHistory history, PopulationState population, long individual, EventText text)
      throws IOException {
    long moment = population.head().sequence();
    if (individual < 1 || individual > population.conceived()) {
      throw UserError.failed("there is no individual " + individual + " at event " + moment + "; "
          + population.conceived() + " were conceived by then.");
    }
    Life life = new Life(history.biography(individual));
    List<Told> told = new ArrayList<>();
    PopulationState at = history.population(conception(history.journal(), individual, moment) - 1);
    boolean there = true;
    while (there && at.head().sequence() < moment) {
      at = history.rewind().play(at, Math.min(moment, at.head().sequence() + STRETCH), (before, event, after) -> {
        if (concerns(before, event, individual)) {
          told.add(new Told(after.head().sequence(), event, text.words(before, event)));
        }
      });
      there = isAlive(at, individual) || at.children().containsKey(individual);
    }
    boolean failed = told.stream().anyMatch(one -> one.happened() instanceof PopulationEvent.ChildFailed);
    String state = population.children().containsKey(individual) ? "training"
        : isAlive(population, individual) ? "alive"
        : failed ? "failed" : "dead";
    Double test = population.tests().get(individual);
    return new LifeStory(history.name(), individual, moment, state, life.conceived(), List.copyOf(told),
        counted(life, told), test == null ? OptionalDouble.empty() : OptionalDouble.of(test));
  }

  private static boolean isAlive(PopulationState population, long individual) {
    return population.living().stream().anyMatch(alive -> alive.id() == individual);
  }

  /** The result that the spine was told of last. */
  private static Optional<Trained> counted(Life life, List<Told> told) {
    return told.stream()
        .map(Told::happened)
        .filter(PopulationEvent.ChildTrained.class::isInstance)
        .map(PopulationEvent.ChildTrained.class::cast)
        .reduce((before, after) -> after)
        .flatMap(last -> life.trained(last.attempt()));
  }

  /** The event that assigned an individual for the first time: individuals are numbered in that order. */
  private static long conception(JournalReader journal, long individual, long last) throws IOException {
    long low = 1;
    long high = last;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      long event = middle;
      long child = child(journal.event(event));
      while (child == 0 && event < high) {
        child = child(journal.event(++event));
      }
      if (child == individual) {
        return event;
      } else if (child == 0 || child > individual) {
        high = middle - 1;
      } else {
        low = event + 1;
      }
    }
    throw new IllegalStateException("no event conceives individual " + individual);
  }

  /** The individual that an event conceives; 0 where it conceives none. */
  private static long child(PopulationEvent event) {
    return event instanceof PopulationEvent.InitialAssigned assigned ? assigned.child()
        : event instanceof PopulationEvent.TournamentHeld held ? held.child() : 0;
  }

  private static boolean concerns(PopulationState before, PopulationEvent event, long individual) {
    if (event instanceof PopulationEvent.TournamentHeld held) {
      return held.first() == individual || held.second() == individual || held.child() == individual
          || held.parent().orElse(0) == individual;
    } else if (event instanceof PopulationEvent.InitialAssigned assigned) {
      return assigned.child() == individual;
    } else if (event instanceof PopulationEvent.Reassigned again) {
      return again.child() == individual;
    } else if (event instanceof PopulationEvent.ChildTrained trained) {
      return trained.child() == individual;
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      return failed.child() == individual;
    } else if (event instanceof PopulationEvent.LossAccepted loss) {
      return loss.individuals().contains(individual);
    } else if (event instanceof PopulationEvent.TestRead read) {
      return read.individual() == individual;
    }
    return event instanceof PopulationEvent.WeightsReset
        && (isAlive(before, individual) || before.children().containsKey(individual));
  }

  /** For a person, several lines. */
  String text(EventText words) {
    StringBuilder text = new StringBuilder();
    text.append("Individual ").append(individual).append(" of ").append(experiment).append(", ").append(state)
        .append(" after event ").append(ProgressText.count(moment)).append('\n');
    conceived.ifPresent(made -> text.append(row("made", made.parent().isPresent()
        ? "from " + EventText.id(made.parent().getAsLong()) + " by " + EventText.mutations(made.mutations())
            + (made.inherits() ? ", inheriting its weights" : ", inheriting no weights")
        : "as an initial individual"))
        .append(row("generation", Integer.toString(made.generation())))
        .append(row("parameters", ProgressText.count(made.parameters()))));
    trained.ifPresent(result -> text.append(row("fitness", EventText.percent(result.fitness()) + " after "
        + ProgressText.duration(result.tookMillis() / 1000.0) + " of training on " + result.worker())));
    test.ifPresent(read -> text.append(row("test", EventText.percent(read) + " of the test set")));
    text.append("\nIts life\n");
    events.forEach(one -> text.append(words.line(one.event(), one.happened().at(), one.words())).append('\n'));
    trained.filter(result -> !result.curve().isEmpty()).ifPresent(result -> {
      text.append("\nIts training\n     step      loss  accuracy\n");
      for (CurvePoint point : result.curve()) {
        text.append(String.format(Locale.ROOT, "%,9d  %8.4f  %8s\n", point.step(), point.loss(),
            EventText.percent(point.accuracy())));
      }
    });
    return text.toString().stripTrailing();
  }

  private static String row(String label, String value) {
    return String.format(Locale.ROOT, "  %-11s %s\n", label, value);
  }

  /** For scripts. */
  ObjectNode json() {
    ObjectNode node = Json.object()
        .put("experiment", experiment)
        .put("event", moment)
        .put("individual", individual)
        .put("state", state);
    node.putNull("parent").putNull("generation").putNull("parameters").putNull("inherits");
    ArrayNode mutations = node.putArray("mutations");
    conceived.ifPresent(made -> {
      made.parent().ifPresent(parent -> node.put("parent", parent));
      node.put("generation", made.generation()).put("parameters", made.parameters()).put("inherits", made.inherits());
      made.mutations().forEach(kind -> mutations.add(kind.word()));
      node.set("genotype", Json.parse(made.genotype()));
    });
    node.putNull("fitness").putNull("testAccuracy");
    test.ifPresent(read -> node.put("testAccuracy", read));
    ArrayNode lived = node.putArray("events");
    events.forEach(one -> lived.add(EventJson.told(one.event(), one.happened(), one.words())));
    ArrayNode curve = node.putArray("curve");
    trained.ifPresent(result -> {
      node.put("fitness", result.fitness());
      result.curve().forEach(point -> curve.addObject()
          .put("step", point.step()).put("loss", point.loss()).put("accuracy", point.accuracy()));
    });
    return node;
  }
}
