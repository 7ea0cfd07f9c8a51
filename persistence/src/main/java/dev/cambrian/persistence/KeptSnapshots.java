package dev.cambrian.persistence;

import java.io.IOException;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The snapshots that are kept of one stream, by the events after which they were taken. */
public interface KeptSnapshots {

  /** None at all. */
  KeptSnapshots NONE = new KeptSnapshots() {
    @Override
    public NavigableSet<Long> events() {
      return new TreeSet<>();
    }

    @Override
    public Optional<Snapshot> read(long event) {
      return Optional.empty();
    }
  };

  /** The events after which there is a snapshot, in order. */
  NavigableSet<Long> events();

  /** The snapshot after an event, the youngest of several; empty where there is none, or it is damaged. */
  Optional<Snapshot> read(long event) throws IOException;

  /** The last event at or before this one after which there is a snapshot; empty where there is none. */
  default Optional<Long> atOrBefore(long event) {
    return Optional.ofNullable(events().floor(event));
  }
}
