package dev.cambrian.actors;

import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What comes of a request to steer: an event, or a reason against it. Pure: decided by the population's state alone, so
 * that it is the same whether a process evolves the experiment or not.
 *
 * @param event empty where the request was refused or is a repeated one
 * @param note one sentence about when and for whom it holds
 * @param refusal one sentence; empty where it was not refused
 */
public record ControlDecision(Optional<PopulationEvent> event, String note, String refusal) {
  private static final String NEXT_CHILD =
      "It holds for children conceived from here on; those in training keep what they began with.";
  private static final String MUTATION = "mutation.";
  private static final int LONGEST_COMMAND = 200;

  /** A value that makes no sense; the message is the sentence. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String sentence) {
      super(sentence);
    }
  }

  /** The keys that can be set, in the order in which they are told. */
  public static List<String> keys() {
    List<String> keys = new ArrayList<>(List.of("mutations-per-reproduction", "population", "steps", "batch",
        "selection", "inheritance", "keep", "paused"));
    for (MutationKind kind : MutationKind.values()) {
      keys.add(MUTATION + key(kind));
    }
    return keys;
  }

  /**
   * Decides a request on a population that nobody evolves now.
   *
   * @param command the client's id of the request; empty for none
   */
  public static ControlDecision of(PopulationState population, String command, Control control, Instant at) {
    return of(population, 0, command, control, at);
  }

  /**
   * Decides a request on a population. The event is the same whoever is at work; the note tells what becomes of them.
   *
   * @param atWork how many of the children in training a worker holds; the others wait for one
   */
  static ControlDecision of(PopulationState population, int atWork, String command, Control control, Instant at) {
    if (command.length() > LONGEST_COMMAND) {
      return refused("The id of a request has at most " + LONGEST_COMMAND + " characters, not " + command.length()
          + ".");
    }
    if (population.commands().containsKey(command)) {
      return new ControlDecision(Optional.empty(), "This request was carried out before, as event "
          + population.commands().get(command) + ".", "");
    }
    if (population.settings().isEmpty()) {
      return refused("The experiment has not begun.");
    }
    try {
      return decide(population, atWork, command, control, at);
    } catch (Refused e) {
      return refused(e.getMessage());
    }
  }

  /** Refused, where it would pin a moment of which weights were deleted since somebody looked. */
  ControlDecision unlessMissing(int weights) {
    return weights == 0 || event.isEmpty() ? this : refused(weights + " of the weights that event "
        + ((PopulationEvent.MomentPinned) event.get()).event() + " needs have just been deleted: nobody named them.");
  }

  private static ControlDecision decide(
      PopulationState population, int atWork, String command, Control control, Instant at) {
    if (control instanceof Control.Set set) {
      return set.key().equals("paused")
          ? pause(population, atWork, command, set, at) : set(population, command, set, at);
    } else if (control instanceof Control.ResetWeights) {
      return reset(population, atWork, command, at);
    } else if (control instanceof Control.Pin pin) {
      return pin(population, command, pin, at);
    } else if (control instanceof Control.PinNow) {
      List<String> weights = population.neededWeights().distinct().sorted().toList();
      return pin(population, command, new Control.Pin(population.head().sequence(), weights), at);
    }
    long event = ((Control.Unpin) control).event();
    if (!population.pins().containsKey(event)) {
      throw new Refused("Event " + event + " is not pinned; " + (population.pins().isEmpty() ? "none is" : "pinned are "
          + population.pins().keySet().stream().map(String::valueOf).collect(Collectors.joining(", "))) + ".");
    }
    return accepted(new PopulationEvent.MomentUnpinned(at, command, event),
        "Weights that only event " + event + " named are deleted with the next collection.");
  }

  private static ControlDecision pin(PopulationState population, String command, Control.Pin pin, Instant at) {
    if (pin.event() < 1 || pin.event() > population.head().sequence()) {
      throw new Refused("There is no event " + pin.event() + " to pin; the last one is event "
          + population.head().sequence() + ".");
    }
    if (population.pins().containsKey(pin.event())) {
      throw new Refused("Event " + pin.event() + " is pinned already.");
    }
    return accepted(new PopulationEvent.MomentPinned(at, command, pin.event(), pin.weights()),
        "The weights of event " + pin.event() + " stay until it is unpinned.");
  }

  private static ControlDecision pause(
      PopulationState population, int atWork, String command, Control.Set set, Instant at) {
    boolean pause = truth(set);
    if (pause == population.paused()) {
      throw new Refused("The experiment is " + (pause ? "paused already." : "not paused."));
    }
    int waiting = population.training() - atWork;
    return pause
        ? accepted(new PopulationEvent.Paused(at, command), "Nothing new is assigned"
            + told(atWork, "in training end first") + told(waiting, "not finished wait until it goes on") + ".")
        : accepted(new PopulationEvent.Unpaused(at, command), "Workers go on at their next pull.");
  }

  private static ControlDecision reset(PopulationState population, int atWork, String command, Instant at) {
    if (population.alive() + population.training() == 0) {
      throw new Refused("There is nobody whose weights could be reset.");
    }
    return accepted(new PopulationEvent.WeightsReset(at, command),
        population.alive() + " living individuals train again from fresh weights, before anything new is begun"
            + told(atWork, "in training are given up at their workers' next heartbeat and begin again, from fresh "
                + "weights, too")
            + told(population.training() - atWork, "not finished begin again from fresh weights, too") + ".");
  }

  private static String told(int count, String what) {
    return count == 0 ? "" : "; the " + count + " " + what;
  }

  private static ControlDecision set(PopulationState population, String command, Control.Set set, Instant at) {
    ExperimentSettings before = population.inForce();
    ExperimentSettings after = with(before, set);
    if (after.equals(before)) {
      throw new Refused(set.key() + " is " + set.value() + " already.");
    }
    return accepted(new PopulationEvent.SettingsChanged(at, command, set.key(), set.value(), after),
        note(set.key(), population, after));
  }

  private static String note(String key, PopulationState population, ExperimentSettings after) {
    switch (key) {
      case "population":
        int size = population.alive() + population.training();
        return after.population() < size
            ? "The population of " + size + " loses the worse of a pair, pair by pair, at the next pull."
            : "The population of " + size + " grows to it, child by child.";
      case "selection":
        return "It holds from the next step on.";
      case "keep":
        return "It holds from the next collection on; what is deleted already does not come back.";
      default:
        return NEXT_CHILD;
    }
  }

  /**
   * Settings with another value of one of {@link #keys} (but {@code paused}, which is no setting).
   *
   * @throws IllegalArgumentException with one sentence where there is no such key or the value makes no sense
   */
  public static ExperimentSettings changed(ExperimentSettings settings, String key, String value) {
    try {
      return with(settings, new Control.Set(key, value));
    } catch (Refused e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static ExperimentSettings with(ExperimentSettings settings, Control.Set set) {
    ExperimentSettings.Training training = settings.training();
    switch (set.key()) {
      case "mutations-per-reproduction":
        return settings.withMutation(new MutationSettings(
            (int) whole(set, ExperimentSettings.MUTATIONS), settings.mutation().weights()));
      case "population":
        return settings.withPopulation((int) whole(set, ExperimentSettings.POPULATIONS));
      case "steps":
        return settings.withTraining(training.withSteps(whole(set, ExperimentSettings.Training.STEPS)));
      case "batch":
        return settings.withTraining(training.withBatch((int) whole(set, ExperimentSettings.Training.BATCHES)));
      case "selection":
        return settings.withStrategy(choice(set, ExperimentSettings.STRATEGIES));
      case "inheritance":
        return settings.withInheritance(truth(set));
      case "keep":
        return settings.withKeep(choice(set, ExperimentSettings.KEPT));
      default:
        return settings.withMutation(weights(settings.mutation(), set));
    }
  }

  private static MutationSettings weights(MutationSettings mutation, Control.Set set) {
    for (MutationKind kind : MutationKind.values()) {
      if (set.key().equals(MUTATION + key(kind))) {
        Map<MutationKind, Double> weights = new EnumMap<>(mutation.weights());
        weights.put(kind, ExperimentSettings.MUTATION_WEIGHTS.of(set.value())
            .orElseThrow(() -> wrong(set, ExperimentSettings.MUTATION_WEIGHTS.words())));
        try {
          return new MutationSettings(mutation.perReproduction(), weights);
        } catch (IllegalArgumentException e) {
          throw new Refused(set.key() + " cannot be " + set.value() + ": " + e.getMessage() + ".");
        }
      }
    }
    throw new Refused("There is no setting '" + set.key() + "' that can be changed; there are "
        + String.join(", ", keys()) + ".");
  }

  private static String key(MutationKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String choice(Control.Set set, Range.Choice range) {
    if (!range.choices().contains(set.value())) {
      throw wrong(set, range.words());
    }
    return set.value();
  }

  private static boolean truth(Control.Set set) {
    if (!set.value().equals("true") && !set.value().equals("false")) {
      throw wrong(set, "true or false");
    }
    return set.value().equals("true");
  }

  private static long whole(Control.Set set, Range.Whole range) {
    return range.of(set.value()).orElseThrow(() -> wrong(set, range.words()));
  }

  private static Refused wrong(Control.Set set, String right) {
    return new Refused(set.key() + " must be " + right + ", not '" + set.value() + "'.");
  }

  private static ControlDecision accepted(PopulationEvent event, String note) {
    return new ControlDecision(Optional.of(event), note, "");
  }

  private static ControlDecision refused(String sentence) {
    return new ControlDecision(Optional.empty(), "", sentence);
  }
}
