package dev.cambrian.app;

import dev.cambrian.actors.Control;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A moment of an experiment's history that somebody wants to keep: what its population needs, the store still has. */
final class PinnedMoment {
  private PinnedMoment() {}

  /**
   * A change as the population decides on it: where it is to pin an event, with the weights of that moment.
   *
   * @throws UserError where there is no such event, or some of its weights are gone
   */
  static Control complete(Control change, ExperimentHome home) throws IOException {
    return change instanceof Control.Pin pin ? new Control.Pin(pin.event(), weights(pin.event(), home)) : change;
  }

  private static List<String> weights(long event, ExperimentHome home) throws IOException {
    AtomicReference<PopulationState> then = new AtomicReference<>(PopulationState.empty());
    try (JournalReader history = JournalReader.open(home)) {
      if (event > history.last()) {
        throw UserError.failed("There is no event " + event + " to pin; the last one is event " + history.last() + ".");
      }
      history.spine(1, event, (link, happened) -> then.set(then.get().updated(link)));
    }
    FolderWeightStore store = new FolderWeightStore(home.weights());
    List<String> weights = then.get().namedWeights().stream().sorted().toList();
    long gone = weights.stream().filter(hash -> !Files.exists(store.file(new WeightsHash(hash)))).count();
    if (gone > 0) {
      throw UserError.failed("Event " + event + " cannot be pinned: " + gone + " of its " + weights.size()
          + " weights are deleted already.");
    }
    return weights;
  }
}
