package dev.cambrian.actors;

import dev.cambrian.persistence.StreamHead;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What waits until the head file has caught up with the journal: nothing is acknowledged before it is on disk in both
 * places. Several events in flight may share one write of the file.
 */
final class OnDisk {

  private record Waiting(long sequence, Consumer<PopulationState> effect) {}

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long written = -1;

  /** Nothing is known to be written, and nothing waits. */
  void forget() {
    waiting.clear();
    written = -1;
  }

  /** Whether the event of this number is in both places. */
  boolean holds(long event) {
    return event <= written;
  }

  /** Runs an effect, on the population as it is then, as soon as the head is in both places. */
  void then(PopulationState population, Consumer<PopulationState> effect) {
    StreamHead head = population.head();
    if (holds(head.sequence())) {
      effect.accept(population);
    } else {
      waiting.addLast(new Waiting(head.sequence(), effect));
    }
  }

  /** The head file holds the event of this number. */
  void caughtUp(long event, PopulationState population) {
    written = Math.max(written, event);
    while (!waiting.isEmpty() && holds(waiting.peekFirst().sequence())) {
      waiting.removeFirst().effect().accept(population);
    }
  }
}
