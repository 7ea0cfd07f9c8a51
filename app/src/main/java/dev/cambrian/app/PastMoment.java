package dev.cambrian.app;

import dev.cambrian.actors.Control;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.Rewind;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A moment of an experiment's past that is still whole: the store holds every weight from which evolution would go on
 * there. Such a moment can be forked, and pinned so that it stays so.
 *
 * @param population as it was after the moment's event
 */
record PastMoment(PopulationState population) {

  /**
   * The moment after an event.
   *
   * @param history that of the home
   * @throws UserError where there is no such event, or weights are gone; it names the nearest events that are whole
   */
  static PastMoment after(long event, ExperimentHome home, JournalReader history, WeightStore store)
      throws IOException {
    String experiment = home.directory().getFileName().toString();
    if (event < 1 || event > history.last()) {
      throw UserError.failed("there is no event " + event + " in " + experiment + "; it has events 1 to "
          + history.last() + ".");
    }
    PastMoment moment = new PastMoment(Rewind.of(history).to(event));
    if (!moment.weights().stream().allMatch(weights -> holds(store, weights))) {
      throw gone(event, experiment, history, store);
    }
    return moment;
  }

  /**
   * A change as the population decides on it: where it is to pin a moment, with the weights that it needs.
   *
   * @throws UserError as {@link #after}
   */
  static Control complete(Control change, Journal journal, WeightStore store) throws IOException {
    if (!(change instanceof Control.Pin pin)) {
      return change;
    }
    try (JournalReader history = journal.read()) {
      PastMoment moment = after(pin.event(), journal.home(), history, store);
      return new Control.Pin(pin.event(), moment.weights());
    }
  }

  private static boolean holds(WeightStore store, String weights) {
    try {
      return store.contains(new WeightsHash(weights));
    } catch (StoreUnreachable e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The weights from which evolution would go on, in order. */
  List<String> weights() {
    return population.neededWeights().distinct().sorted().toList();
  }

  /** Why the moment after an event is not whole any more. */
  static UserError gone(long event, String experiment, JournalReader history, WeightStore store)
      throws IOException {
    Map<String, Boolean> known = new HashMap<>();
    Predicate<String> stored =
        weights -> known.computeIfAbsent(weights, hash -> holds(store, hash));
    Replay replay = new Replay();
    history.spine((link, happened) -> {
      if (replay.wholeAfter.isEmpty()) {
        replay.population = replay.population.updated(link);
        replay.look(event, stored);
      }
    });
    List<String> nearest = Stream.of(replay.wholeBefore, replay.wholeAfter).filter(OptionalLong::isPresent)
        .map(one -> String.valueOf(one.getAsLong())).toList();
    return UserError.failed("event " + event + " of " + experiment + " cannot be gone back to: " + replay.missing
        + " of the " + replay.needed + " weights that were needed then are gone from the store; "
        + (nearest.isEmpty() ? "no event of it is whole."
        : nearest.size() == 1 ? "the nearest event that is whole is " + nearest.get(0) + "."
        : "the nearest events that are whole are " + String.join(" and ", nearest) + "."));
  }

  /** The population as it is replayed, and the events around one at which nothing is missing. */
  private static final class Replay {
    private PopulationState population = PopulationState.empty();
    private OptionalLong wholeBefore = OptionalLong.empty();
    private OptionalLong wholeAfter = OptionalLong.empty();
    private long missing;
    private long needed;

    private void look(long event, Predicate<String> stored) {
      long at = population.head().sequence();
      if (at == event) {
        List<String> weights = new PastMoment(population).weights();
        needed = weights.size();
        missing = weights.stream().filter(stored.negate()).count();
      } else if (population.neededWeights().allMatch(stored)) {
        OptionalLong whole = OptionalLong.of(at);
        wholeBefore = at < event ? whole : wholeBefore;
        wholeAfter = at > event ? whole : wholeAfter;
      }
    }
  }
}
