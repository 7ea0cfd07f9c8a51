package dev.cambrian.app;

import dev.cambrian.actors.PopulationState;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian show}: a population, or one individual's life, at any moment. */
@Command(
    name = "show",
    header = "Shows the population at any moment, or one individual's whole life up to then.",
    description = {
      "",
      "The counters, the settings that were in force, the living by fitness and the children in training. With"
          + " 'individual ID': how it was made, whom it met, its children, its training and its end. A running experiment"
          + " is not disturbed. With --json: event, at, elapsedSeconds, paused, the counters of status, best,"
          + " bestIndividual, mean, settings, living, children and pins; of an individual: state, parent, generation,"
          + " parameters, inherits, mutations, genotype, fitness, testAccuracy, events and curve.",
      ""
    })
final class ShowCommand implements Callable<Integer> {
  private static final int LISTED = 40;

  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Parameters(index = "1..*", arity = "0..*", paramLabel = "[individual ID]", hideParamSyntax = true,
      description = "The word 'individual' and its number.")
  List<String> whom = new ArrayList<>();

  @Option(names = "--at", paramLabel = "EVENT|TIME",
      description = "The moment: an event's number, or a time like 2026-11-22T10:15:30. Now, if it is left out.")
  String at;

  @Option(names = "--all", description = "List all of the living, not only the fittest " + LISTED + ".")
  boolean all;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    Session session = common.session();
    long individual = individual();
    try (RecordedHistory history = common.experiments().history(name)) {
      history.noteTornEnd(session);
      PopulationState population =
          history.population(at == null ? history.last() : history.event("--at", at));
      EventText words = new EventText(history::biography, ZoneId.systemDefault());
      if (individual > 0) {
        LifeStory life = LifeStory.of(history, population, individual, words);
        session.out().println(common.json() ? Json.line(life.json()) : life.text(words));
      } else {
        ShownPopulation shown = new ShownPopulation(population, history::biography);
        session.out().println(
            common.json() ? Json.line(shown.json()) : shown.text(words, all ? Integer.MAX_VALUE : LISTED));
      }
      return 0;
    }
  }

  /** The individual that is asked for; 0 for the whole population. */
  private long individual() {
    if (whom.isEmpty()) {
      return 0;
    }
    if (whom.size() == 2 && whom.get(0).equals("individual") && whom.get(1).matches("[1-9]\\d{0,17}")) {
      return Long.parseLong(whom.get(1));
    }
    throw UserError.usage("after NAME stands nothing, or 'individual' and its number, like 'individual 12', not '"
        + String.join(" ", whom) + "'.");
  }
}
