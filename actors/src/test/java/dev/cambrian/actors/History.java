package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that a closed experiment's journal holds. */
record History(List<Link> links, List<PopulationEvent> spine, SortedMap<Long, List<IndividualEvent>> biographies) {

  /** What differs between two runs that are the same: clocks, durations and hosts, and hashes over them. */
  private static final Set<String> NOT_CANONICAL = Set.of("at", "tookMillis", "worker", "hash");

  static History of(Path home) throws IOException {
    List<Link> links = new ArrayList<>();
    List<PopulationEvent> spine = new ArrayList<>();
    SortedMap<Long, List<IndividualEvent>> biographies = new TreeMap<>();
    try (JournalReader reader = Journal.of(new ExperimentHome(home)).read()) {
      reader.spine((link, event) -> {
        links.add(link);
        spine.add(event);
      });
      for (long id = 1; id <= population(links).conceived(); id++) {
        biographies.put(id, reader.biography(id));
      }
    }
    return new History(links, spine, biographies);
  }

  PopulationState population() {
    return population(links);
  }

  private static PopulationState population(List<Link> links) {
    PopulationState state = PopulationState.empty();
    for (Link link : links) {
      state = state.updated(link);
    }
    return state;
  }

  <E> List<E> events(Class<E> type) {
    return spine.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Spine, biographies and store agree, and nobody is lost or counted twice. */
  void check(FolderWeightStore store) throws IOException {
    PopulationState state = population();
    assertEquals(state.conceived(), state.alive() + state.dead() + state.training() + state.failed());
    assertTrue(state.alive() + state.training() <= state.setPoint());
    for (PopulationEvent.ChildTrained counted : events(PopulationEvent.ChildTrained.class)) {
      List<IndividualEvent.Trained> results = of(counted.child(), IndividualEvent.Trained.class);
      assertEquals(1, results.size(), "one result in the biography of " + counted.child());
      assertEquals(results.get(0).fitness(), counted.fitness());
      assertEquals(results.get(0).weights(), counted.weights());
      assertEquals(results.get(0).attempt(), counted.attempt());
    }
    for (PopulationEvent.ChildFailed counted : events(PopulationEvent.ChildFailed.class)) {
      assertEquals(List.of(), of(counted.child(), IndividualEvent.Trained.class));
      assertEquals(counted.reason(), of(counted.child(), IndividualEvent.Failed.class).get(0).reason());
    }
    for (int event = 1; event <= spine.size(); event++) {
      if (spine.get(event - 1) instanceof PopulationEvent.TournamentHeld held && held.killed().isPresent()) {
        long killed = held.killed().getAsLong();
        List<IndividualEvent.Killed> deaths = of(killed, IndividualEvent.Killed.class);
        assertTrue(deaths.size() <= 1 && deaths.stream().allMatch(one -> one.event() == held(killed)));
        assertTrue(deaths.size() == 1 || state.outbox().containsKey(killed), "the death of " + killed + " is told");
      }
    }
    for (String named : state.namedWeights()) {
      store.get(new WeightsHash(named));
    }
  }

  private long held(long killed) {
    for (int i = 0; i < spine.size(); i++) {
      if (spine.get(i) instanceof PopulationEvent.TournamentHeld held && held.killed().orElse(0) == killed) {
        return i + 1;
      }
    }
    return 0;
  }

  private <E> List<E> of(long individual, Class<E> type) {
    return biographies.get(individual).stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Spine and biographies without clocks, durations and hosts, event by event. */
  List<String> canonical() {
    List<String> canonical = new ArrayList<>();
    spine.forEach(event -> canonical.add(canonical(event)));
    biographies.forEach((id, events) -> events.forEach(event -> canonical.add(id + " " + canonical(event))));
    return canonical;
  }

  private static String canonical(Record event) {
    StringBuilder text = new StringBuilder(event.getClass().getSimpleName());
    for (RecordComponent component : event.getClass().getRecordComponents()) {
      if (!NOT_CANONICAL.contains(component.getName())) {
        try {
          Object value = component.getAccessor().invoke(event);
          text.append(' ').append(component.getName()).append('=')
              .append(value instanceof StreamHead head ? head.sequence() : value);
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      }
    }
    return text.toString();
  }

  private static String canonical(Object event) {
    return canonical((Record) event);
  }
}
