package dev.cambrian.app;

import dev.cambrian.actors.Ancestry;
import dev.cambrian.actors.Control;
import dev.cambrian.actors.ControlDecision;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.Moment;
import dev.cambrian.persistence.NewHome;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code fork} does: a second future for an experiment, from a moment of its past. The fork is an experiment of
 * its own, with its own journal; its weights are its parent's files under a second name. The parent may be evolving
 * meanwhile, and notices nothing.
 */
final class Fork {
  private static final long SPARE_BYTES = 16 << 20;

  private final Experiments experiments;
  private final Clock clock;

  Fork(Experiments experiments, Clock clock) {
    this.experiments = experiments;
    this.clock = clock;
  }

  /**
   * What was made.
   *
   * @param population as the fork begins
   * @param weights how many it shares with its parent
   */
  record Made(String experiment, String parent, long event, PopulationState population, int weights) {}

  /** What is asked to be other in the fork than in its parent. */
  record Setting(String key, String value) {}

  /**
   * Makes a fork that {@code evolve} can go on with; on return it is on disk.
   *
   * @param at the last moment that both share
   * @param settings in the order in which they are made
   * @throws UserError where the moment or a setting makes no sense, or weights are gone; nothing was made then
   */
  Made make(String parent, Moment at, String name, List<Setting> settings) throws Exception {
    Journal journal = experiments.journal(parent);
    ExperimentHome from = journal.home();
    Path place = experiments.home().resolve(ConfigurationFile.checkedName("--as", name));
    from.requireFreeSpace(size(from.journal()) + SPARE_BYTES);
    WeightStores weights = experiments.weights();
    try (NewHome made = NewHome.begin(place);
        WeightStore store = weights.of(from);
        WeightStore shared = weights.of(made.home(), name);
        JournalReader history = journal.read()) {
      long event = event(at, parent, history);
      PastMoment moment = PastMoment.after(event, from, history, store);
      PopulationState then = moment.population();
      List<PopulationEvent> own = new ArrayList<>();
      own.add(new PopulationEvent.Forked(clock.instant(), name, parent, event, then.inForce()));
      PopulationState begun = then.after(own.get(0));
      for (Setting setting : settings) {
        PopulationEvent changed = changed(begun, setting);
        own.add(changed);
        begun = begun.after(changed);
      }
      if (!store.share(hashes(moment.weights()), shared).isEmpty()) {
        throw PastMoment.gone(event, parent, history, store);
      }
      Set<String> kept = kept(begun, event, history);
      int gone = store.share(hashes(kept), shared).size();
      journal.fork(event, made.home(), name, own);
      DataDescription.copy(from.directory(), made.home().directory());
      made.finish();
      return new Made(name, parent, event, begun, kept.size() - gone);
    }
  }

  private static long event(Moment at, String parent, JournalReader history) throws IOException {
    if (history.last() == 0) {
      throw UserError.failed(parent + " has not begun yet; 'cambrian evolve " + parent + "' starts it.");
    }
    try {
      return at.in(history);
    } catch (IllegalArgumentException outside) {
      throw UserError.failed("--at " + outside.getMessage() + ", in " + parent + ".");
    }
  }

  private PopulationEvent changed(PopulationState population, Setting setting) {
    ControlDecision decided =
        ControlDecision.of(population, "", new Control.Set(setting.key(), setting.value()), clock.instant());
    return decided.event().orElseThrow(() -> UserError.usage("--set: " + decided.refusal()));
  }

  /** The weights that the fork keeps by its own choice, those of its past included: so it can be forked again. */
  private static Set<String> kept(PopulationState begun, long event, JournalReader history) throws Exception {
    Set<String> kept = begun.namedWeights();
    String keep = begun.inForce().keep();
    if (keep.equals("lineage")) {
      kept.addAll(Ancestry.of(begun, id -> Ancestry.Life.of(history.biography(id))).weights());
    } else if (keep.equals("all")) {
      history.spine(1, event, (link, happened) -> {
        if (happened instanceof PopulationEvent.ChildTrained trained) {
          kept.add(trained.weights());
        }
      });
    }
    return kept;
  }

  private static List<WeightsHash> hashes(Collection<String> weights) {
    return weights.stream().map(WeightsHash::new).toList();
  }

  private static long size(Path directory) throws IOException {
    long size = 0;
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          size += Files.size(file);
        }
      }
    }
    return size;
  }
}
