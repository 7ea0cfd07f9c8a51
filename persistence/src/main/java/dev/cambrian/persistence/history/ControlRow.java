package dev.cambrian.persistence.history;

import dev.cambrian.persistence.PopulationEvent;
import java.util.Optional;

/**
 * What the table {@code controls} tells of a change that somebody made to the experiment.
 *
 * @param command the client's id of the request; null where it gave none
 * @param key what was changed; null where the event's type says it all
 * @param value to what
 */
record ControlRow(String command, String key, String value) {

  /** The change that an event is; empty for what evolution does by itself. */
  static Optional<ControlRow> of(PopulationEvent event) {
    if (event instanceof PopulationEvent.SettingsChanged changed) {
      return row(changed.command(), changed.key(), changed.value());
    } else if (event instanceof PopulationEvent.Paused paused) {
      return row(paused.command(), null, null);
    } else if (event instanceof PopulationEvent.Unpaused unpaused) {
      return row(unpaused.command(), null, null);
    } else if (event instanceof PopulationEvent.WeightsReset reset) {
      return row(reset.command(), null, null);
    } else if (event instanceof PopulationEvent.MomentPinned pinned) {
      return row(pinned.command(), "event", Long.toString(pinned.event()));
    } else if (event instanceof PopulationEvent.MomentUnpinned unpinned) {
      return row(unpinned.command(), "event", Long.toString(unpinned.event()));
    } else if (event instanceof PopulationEvent.Forked forked) {
      return row("", forked.parent(), Long.toString(forked.event()));
    }
    return Optional.empty();
  }

  private static Optional<ControlRow> row(String command, String key, String value) {
    return Optional.of(new ControlRow(command.isEmpty() ? null : command, key, value));
  }

  /** Key and value in one; null without a key. */
  String text() {
    return key == null ? null : key + "=" + value;
  }
}
