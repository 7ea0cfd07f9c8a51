package dev.cambrian.actors;

import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.KeptSnapshots;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.io.IOException;
import java.util.Optional;

/**
 * The population as it was right after any event of a history: the newest kept snapshot at or before it, and the events
 * since. So it takes as long as the events between two snapshots, however long the history is.
 */
public final class Rewind {

  /** Is shown one event after the other, with the population before and after it. */
  @FunctionalInterface
  public interface Scene {
    void happened(PopulationState before, PopulationEvent event, PopulationState after);
  }

  private final JournalReader history;
  private final KeptSnapshots snapshots;

  private Rewind(JournalReader history, KeptSnapshots snapshots) {
    this.history = history;
    this.snapshots = snapshots;
  }

  /** Over a history and the snapshots that are kept beside it. */
  public static Rewind of(JournalReader history) throws IOException {
    return new Rewind(history, history.snapshots());
  }

  /** Over a history alone: every population is folded from the first event on. */
  static Rewind without(JournalReader history) {
    return new Rewind(history, KeptSnapshots.NONE);
  }

  /**
   * The population right after an event.
   *
   * @param event 0 for the one before the first
   * @throws IllegalArgumentException where there is no such event
   */
  public PopulationState to(long event) throws IOException {
    if (event < 0 || event > history.last()) {
      throw new IllegalArgumentException("there is no event " + event + "; the last one is " + history.last());
    }
    return play(nearest(event), event, (before, happened, after) -> {});
  }

  /**
   * Shows the events that follow a population, up to one, included.
   *
   * @return the population after the last of them
   */
  public PopulationState play(PopulationState from, long to, Scene scene) throws IOException {
    Fold fold = new Fold(from, scene);
    history.events(from.head(), to, fold);
    return fold.population;
  }

  /** A snapshot that is damaged, of an earlier version or of another history gives way to the one before it. */
  private PopulationState nearest(long event) throws IOException {
    Optional<Long> kept = snapshots.atOrBefore(event);
    while (kept.isPresent()) {
      Optional<PopulationState> population = snapshots.read(kept.get())
          .filter(PopulationSnapshot::isToday)
          .map(PopulationSnapshot::read);
      if (population.isPresent() && population.get().head().equals(history.headAt(kept.get()))) {
        return population.get();
      }
      kept = snapshots.atOrBefore(kept.get() - 1);
    }
    return PopulationState.empty();
  }

  private static final class Fold implements JournalReader.SpineSink {
    private final Scene scene;
    private PopulationState population;

    Fold(PopulationState population, Scene scene) {
      this.population = population;
      this.scene = scene;
    }

    @Override
    public void take(PopulationEvent event, StreamHead head) {
      PopulationState after = population.updated(event, head);
      scene.happened(population, event, after);
      population = after;
    }
  }
}
