package dev.cambrian.actors;

import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Events that are decided one after the other and persisted together, and the population as they will leave it. */
final class Batch {
  private final List<PopulationEvent> events = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final List<PopulationEvent> opening;
  private PopulationState state;

  /**
   * Nothing decided yet.
   *
   * @param opening events that go before the first one, if there is a first one
   */
  Batch(PopulationState state, List<PopulationEvent> opening) {
    this.state = state;
    this.opening = List.copyOf(opening);
  }

  /** Decides one more event. */
  void add(PopulationEvent event) {
    if (events.isEmpty()) {
      opening.forEach(this::append);
    }
    append(event);
  }

  private void append(PopulationEvent event) {
    Link link = Link.after(state.head(), EventCodec.encode(event));
    state = state.updated(event, link.head());
    events.add(event);
    links.add(link);
  }

  /** The population after the events so far. */
  PopulationState state() {
    return state;
  }

  List<PopulationEvent> events() {
    return Collections.unmodifiableList(events);
  }

  /** The events as the journal's chained records. */
  List<Link> links() {
    return Collections.unmodifiableList(links);
  }
}
