package dev.cambrian.actors;

import akka.persistence.typed.SnapshotAdapter;
import dev.cambrian.persistence.Snapshot;
import dev.cambrian.persistence.StreamName;

/** How the population's state is kept: in the version of its fields, the same bytes for the same state. */
final class PopulationSnapshot implements SnapshotAdapter<PopulationState> {
  private static final int VERSION = 2;

  /** The snapshot of a state. */
  static Snapshot of(PopulationState population) {
    return Snapshot.of(StreamName.POPULATION, VERSION, population);
  }

  /**
   * The state of a snapshot.
   *
   * @throws IllegalArgumentException where it is of another version
   */
  static PopulationState read(Snapshot snapshot) {
    return snapshot.read(StreamName.POPULATION, VERSION, PopulationState.class);
  }

  /** Whether a snapshot is of this version of the state. */
  static boolean isToday(Snapshot snapshot) {
    return snapshot.type().equals(StreamName.POPULATION) && snapshot.version() == VERSION;
  }

  @Override
  public Object toJournal(PopulationState population) {
    return of(population);
  }

  @Override
  public PopulationState fromJournal(Object snapshot) {
    return read((Snapshot) snapshot);
  }
}
