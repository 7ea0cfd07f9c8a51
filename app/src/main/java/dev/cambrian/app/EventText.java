package dev.cambrian.app;

import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.SettingsDifference;
import dev.cambrian.model.MutationKind;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent.ChildFailed;
import dev.cambrian.persistence.PopulationEvent.ChildTrained;
import dev.cambrian.persistence.PopulationEvent.ExperimentStarted;
import dev.cambrian.persistence.PopulationEvent.Forked;
import dev.cambrian.persistence.PopulationEvent.InitialAssigned;
import dev.cambrian.persistence.PopulationEvent.KillsAcknowledged;
import dev.cambrian.persistence.PopulationEvent.LossAccepted;
import dev.cambrian.persistence.PopulationEvent.MomentPinned;
import dev.cambrian.persistence.PopulationEvent.MomentUnpinned;
import dev.cambrian.persistence.PopulationEvent.Paused;
import dev.cambrian.persistence.PopulationEvent.Reassigned;
import dev.cambrian.persistence.PopulationEvent.Resumed;
import dev.cambrian.persistence.PopulationEvent.SettingsChanged;
import dev.cambrian.persistence.PopulationEvent.TestRead;
import dev.cambrian.persistence.PopulationEvent.TournamentHeld;
import dev.cambrian.persistence.PopulationEvent.Unpaused;
import dev.cambrian.persistence.PopulationEvent.WeightsCollected;
import dev.cambrian.persistence.PopulationEvent.WeightsReset;
import dev.cambrian.persistence.PopulationEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** Events as a person reads them: one line each, of what happened to whom. */
final class EventText {
  private static final int SOME = 8;

  private final LongFunction<List<IndividualEvent>> biographies;
  private final DateTimeFormatter clock;

  /** In words, with what the individuals' biographies tell beyond the events, and times in a zone. */
  EventText(LongFunction<List<IndividualEvent>> biographies, ZoneId zone) {
    this.biographies = biographies;
    this.clock = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
  }

  /** The event's number, its time, and what happened. */
  String line(PopulationState before, PopulationEvent event, PopulationState after) {
    return line(after.head().sequence(), event.at(), words(before, event));
  }

  /** The same of what was put into words before. */
  String line(long event, Instant at, String words) {
    return String.format(Locale.ROOT, "%9d  %s  %s", event, time(at), words);
  }

  /** A time without its fraction of a second. */
  String time(Instant at) {
    return clock.format(at);
  }

  /** What happened to a population. */
  String words(PopulationState before, PopulationEvent event) {
    if (event instanceof InitialAssigned assigned) {
      return id(assigned.child()) + " is begun as an initial individual, on " + assigned.worker();
    } else if (event instanceof TournamentHeld held) {
      return tournament(before, held);
    } else if (event instanceof Reassigned again) {
      return reassigned(before, again);
    } else if (event instanceof ChildTrained trained) {
      return trained(before, trained);
    } else if (event instanceof ChildFailed failed) {
      return id(failed.child()) + " failed" + attempt(failed.attempt()) + ": "
          + failed.reason().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + failed.message() + ")";
    } else if (event instanceof ExperimentStarted started) {
      return started.experiment() + " begins: seed " + started.settings().seed() + ", " + settings(started.settings())
          + ", data " + started.settings().data().dataset();
    } else if (event instanceof Resumed resumed) {
      return "evolution goes on, after " + ProgressText.duration(
          Duration.between(before.lastAt(), resumed.at()).toMillis() / 1000.0) + " without";
    } else if (event instanceof TestRead read) {
      return "the test set is read for " + id(read.individual()) + ": " + percent(read.testAccuracy());
    } else if (event instanceof KillsAcknowledged told) {
      return "the " + (told.individuals().size() == 1 ? "death" : "deaths") + " of " + ids(told.individuals())
          + (told.individuals().size() == 1 ? " is" : " are") + " in "
          + (told.individuals().size() == 1 ? "its biography" : "their biographies");
    } else if (event instanceof WeightsCollected collected) {
      return counted(collected.weights().size(), "file") + " of weights that nothing names any more "
          + (collected.weights().size() == 1 ? "is" : "are") + " deleted";
    } else if (event instanceof LossAccepted loss) {
      return "a loss of events is accepted: " + loss.what()
          + (loss.individuals().isEmpty() ? "" : "; lost with their results: " + ids(loss.individuals()));
    }
    return steered(before, event);
  }

  /** What an experiment evolves by. */
  static String settings(ExperimentSettings settings) {
    int mutations = settings.mutation().perReproduction();
    return "population " + ProgressText.count(settings.population()) + ", " + settings.strategy() + " selection, "
        + ProgressText.count(settings.training().steps()) + " steps of " + settings.training().batch() + " images, "
        + counted(mutations, "mutation") + " a reproduction, "
        + (settings.inheritance() ? "weights inherited" : "no weights inherited") + ", keep "
        + settings.keep();
  }

  /** The words for the mutations that made an individual; empty for an initial one. */
  static String mutations(List<MutationKind> mutations) {
    return mutations.stream().map(MutationKind::word).collect(Collectors.joining(", "));
  }

  static String id(long individual) {
    return "#" + individual;
  }

  static String percent(double share) {
    return ProgressText.percent(OptionalDouble.of(share));
  }

  /** A difference of fitness in percentage points, with its sign. */
  static String gain(double gain) {
    String points = String.format(Locale.ROOT, "%+.1f", 100 * gain);
    return points.endsWith("0.0") && points.length() == 4 ? "0.0" : points;
  }

  private Life life(long individual) {
    return new Life(biographies.apply(individual));
  }

  private String tournament(PopulationState before, TournamentHeld held) {
    StringBuilder words = new StringBuilder();
    words.append(contender(before, held.first()));
    if (held.second() != held.first()) {
      words.append(" meets ").append(contender(before, held.second()));
    }
    words.append(": ");
    held.killed().ifPresent(killed -> words.append(id(killed)).append(" dies"));
    if (held.parent().isPresent()) {
      String mutations = mutations(life(held.child()).mutations());
      words.append(held.killed().isPresent() ? ", " : "").append(id(held.parent().getAsLong())).append(" has the child ")
          .append(id(held.child())).append(mutations.isEmpty() ? "" : " by " + mutations)
          .append(", on ").append(held.worker());
    }
    return words.toString();
  }

  private static String contender(PopulationState before, long individual) {
    return before.living().stream()
        .filter(alive -> alive.id() == individual)
        .findFirst()
        .map(alive -> id(individual) + " (" + percent(alive.fitness()) + ")")
        .orElse(id(individual));
  }

  private static String reassigned(PopulationState before, Reassigned again) {
    PopulationState.Child child = before.children().get(again.child());
    boolean afresh = child != null && child.reset() != 0;
    return id(again.child()) + (afresh ? " trains again from fresh weights" : " is handed out again")
        + ", as attempt " + again.attempt() + ", on " + again.worker();
  }

  private String trained(PopulationState before, ChildTrained trained) {
    PopulationState.Child child = before.children().get(trained.child());
    OptionalLong parent = child == null ? OptionalLong.empty() : child.parent();
    String gain = "";
    if (parent.isPresent()) {
      Instant conceived = life(trained.child()).conceived().map(Conceived::at).orElse(trained.at());
      OptionalDouble inherited = life(parent.getAsLong()).fitness(conceived);
      gain = inherited.isPresent()
          ? " (" + gain(trained.fitness() - inherited.getAsDouble()) + " on " + id(parent.getAsLong()) + ")" : "";
    }
    boolean best = before.best().map(one -> trained.fitness() > one.fitness()).orElse(true);
    return id(trained.child()) + " is alive" + attempt(trained.attempt()) + ": fitness " + percent(trained.fitness())
        + gain + ", " + counted(trained.parameters(), "parameter") + ", " + ProgressText.flops(trained.flops())
        + " FLOPs" + (best ? ", the best so far" : "");
  }

  private static String attempt(int attempt) {
    return attempt == 1 ? "" : " at attempt " + attempt;
  }

  /** What somebody asked for. */
  private static String steered(PopulationState before, PopulationEvent event) {
    if (event instanceof SettingsChanged changed) {
      String was = before.settings().stream()
          .flatMap(settings -> SettingsDifference.between(settings, changed.settings()).stream())
          .filter(difference -> difference.key().endsWith("." + changed.key()))
          .map(difference -> ", which was " + difference.stored())
          .findFirst().orElse("");
      return "set " + changed.key() + " = " + changed.value() + was + request(changed.command());
    } else if (event instanceof Paused paused) {
      return "paused: nothing new is begun" + request(paused.command());
    } else if (event instanceof Unpaused unpaused) {
      return "no longer paused" + request(unpaused.command());
    } else if (event instanceof WeightsReset reset) {
      return "all weights are reset: " + before.alive() + " alive and " + before.training()
          + " in training begin again from fresh ones" + request(reset.command());
    } else if (event instanceof MomentPinned pinned) {
      return "event " + pinned.event() + " is pinned: the " + counted(pinned.weights().size(), "file")
          + " of weights that it names " + (pinned.weights().size() == 1 ? "stays" : "stay")
          + request(pinned.command());
    } else if (event instanceof MomentUnpinned unpinned) {
      return "event " + unpinned.event() + " is pinned no longer" + request(unpinned.command());
    }
    Forked fork = (Forked) event;
    String changes = before.settings().stream()
        .flatMap(settings -> SettingsDifference.between(settings, fork.settings()).stream())
        .map(difference -> difference.key().replaceFirst("^cambrian\\.", "") + " = " + difference.asked())
        .collect(Collectors.joining(", "));
    return fork.experiment() + " begins as a fork of " + fork.parent() + " after event " + fork.event()
        + (changes.isEmpty() ? ", with nothing changed" : ", with " + changes);
  }

  private static String request(String command) {
    return command.isEmpty() ? "" : " (request " + command + ")";
  }

  private static String counted(long count, String what) {
    return ProgressText.count(count) + " " + what + (count == 1 ? "" : "s");
  }

  private static String ids(List<Long> individuals) {
    String some = individuals.stream().limit(SOME).map(EventText::id).collect(Collectors.joining(", "));
    int more = individuals.size() - SOME;
    return more > 0 ? some + " and " + more + " more" : some;
  }
}
