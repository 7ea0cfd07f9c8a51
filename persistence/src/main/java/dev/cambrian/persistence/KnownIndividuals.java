package dev.cambrian.persistence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What the spine knows of every individual ever: its latest attempt, and how far its biography went at last. */
final class KnownIndividuals {

  /** One individual; its biography is empty before its first result, and after its loss was accepted. */
  private record Known(int attempt, Optional<StreamHead> biography) {}

  private final Map<Long, Known> byId = new HashMap<>();
  private long events;

  /** Takes the spine's next event. */
  void add(PopulationEvent event) {
    events++;
    if (event instanceof PopulationEvent.InitialAssigned assigned) {
      byId.put(assigned.child(), new Known(1, Optional.empty()));
    } else if (event instanceof PopulationEvent.TournamentHeld held && held.child() != 0) {
      byId.put(held.child(), new Known(1, Optional.empty()));
    } else if (event instanceof PopulationEvent.Reassigned again) {
      byId.computeIfPresent(again.child(), (id, known) -> new Known(again.attempt(), known.biography()));
    } else if (event instanceof PopulationEvent.ChildTrained trained) {
      told(trained.child(), trained.biography());
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      told(failed.child(), failed.biography());
    } else if (event instanceof PopulationEvent.LossAccepted loss) {
      loss.individuals().forEach(
          id -> byId.computeIfPresent(id, (same, known) -> new Known(known.attempt(), Optional.empty())));
    }
  }

  private void told(long id, StreamHead biography) {
    byId.computeIfPresent(id, (same, known) -> new Known(known.attempt(), Optional.of(biography)));
  }

  /** How far an individual's biography must go at least. */
  Optional<StreamHead> biography(long id) {
    return Optional.ofNullable(byId.get(id)).flatMap(Known::biography);
  }

  /** Gives every individual whose biography must be there, and how far. */
  void forEachBiography(BiConsumer<Long, StreamHead> sink) {
    byId.forEach((id, known) -> known.biography().ifPresent(head -> sink.accept(id, head)));
  }

  /** How many of a biography's first events can have happened in the history that the spine tells. */
  int possible(long id, List<IndividualEvent> biography) {
    return possible(id, biography, 0, true);
  }

  /** As {@link #possible}, but of results only those that the spine tells of: what nobody had reported is open. */
  int told(long id, List<IndividualEvent> biography) {
    long results = biography(id).map(StreamHead::sequence).orElse(0L);
    int told = 0;
    for (int i = 0; i < biography.size(); i++) {
      IndividualEvent event = biography.get(i);
      boolean ofTheSpine =
          event instanceof IndividualEvent.Killed || event instanceof IndividualEvent.WeightsReset;
      if (i < results || ofTheSpine && allows(id, event)) {
        told = i + 1;
      }
    }
    return possible(id, biography, told, false);
  }

  private int possible(long id, List<IndividualEvent> biography, int from, boolean withResults) {
    int end = from;
    while (end < biography.size() && allows(id, biography.get(end))
        && (withResults || !isResult(biography.get(end)))) {
      end++;
    }
    return end;
  }

  private static boolean isResult(IndividualEvent event) {
    return event instanceof IndividualEvent.Trained || event instanceof IndividualEvent.Failed;
  }

  /** Whether a biography's event can have happened in the history that the spine tells, and not only in a lost one. */
  private boolean allows(long id, IndividualEvent event) {
    Known known = byId.get(id);
    if (known == null) {
      return false;
    }
    if (event instanceof IndividualEvent.AttemptFenced fenced) {
      return fenced.attempt() <= known.attempt();
    }
    if (event instanceof IndividualEvent.Trained trained) {
      return trained.attempt() <= known.attempt();
    }
    if (event instanceof IndividualEvent.Failed failed) {
      return failed.attempt() <= known.attempt();
    }
    if (event instanceof IndividualEvent.WeightsReset reset) {
      return reset.event() <= events && reset.attempt() <= known.attempt();
    }
    return !(event instanceof IndividualEvent.Killed killed) || killed.event() <= events;
  }
}
