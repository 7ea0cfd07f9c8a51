package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.Snapshot;
import dev.cambrian.persistence.StreamHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PopulationStateTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static PopulationState after(PopulationState state, PopulationEvent... events) {
    Batch batch = new Batch(state, List.of());
    List.of(events).forEach(batch::add);
    return batch.state();
  }

  private static PopulationState started() {
    return after(PopulationState.empty(),
        new PopulationEvent.ExperimentStarted(START, "run", Experiments.settings(1, 2)));
  }

  private static PopulationEvent trained(long child, double fitness) {
    return new PopulationEvent.ChildTrained(
        START, child, 1, fitness, Experiments.hash(child), 10, 100, StreamHead.EMPTY);
  }

  private static PopulationEvent initial(long child) {
    return new PopulationEvent.InitialAssigned(START, child, 5, "w");
  }

  private static PopulationEvent tournament(long killed, long parent, long child) {
    return new PopulationEvent.TournamentHeld(START, killed, parent, OptionalLong.of(killed), OptionalLong.of(parent),
        child, 5, MutationSettings.paper(), "w");
  }

  @Test
  void tournament_killsAndConceives_andKeepsTheParentsWeightsWhenTheParentDies() {
    PopulationState state = after(started(), initial(1), initial(2), trained(1, 0.3), trained(2, 0.4),
        tournament(1, 2, 3));

    assertEquals(List.of(2L), state.living().stream().map(PopulationState.Alive::id).toList());
    assertEquals(Map.of(1L, state.head().sequence()), state.outbox());
    assertEquals(1, state.dead());
    assertTrue(state.awaits(3, 1));

    PopulationState orphaned = after(state,
        new PopulationEvent.TournamentHeld(START, 2, 2, OptionalLong.of(2), OptionalLong.empty(), 0, 0,
            MutationSettings.paper(), ""));
    assertTrue(orphaned.namedWeights().contains(Experiments.hash(2)));
    assertEquals(0, orphaned.alive());
  }

  @Test
  void bestIsTheFirstOfEquals_andStaysWhenItDies() {
    PopulationState state = after(started(), initial(1), initial(2), trained(1, 0.4), trained(2, 0.4),
        tournament(1, 2, 3));
    assertEquals(1, state.best().orElseThrow().id());
    assertTrue(state.namedWeights().contains(Experiments.hash(1)));
  }

  @Test
  void reassigned_onlyTheNewAttemptIsAwaited() {
    PopulationState state =
        after(started(), initial(1), new PopulationEvent.Reassigned(START, 1, 2, "other"));
    assertFalse(state.awaits(1, 1));
    assertTrue(state.awaits(1, 2));
    assertEquals("other", state.children().get(1L).worker());
  }

  @Test
  void runningTime_leavesOutWhatLiesBetweenTwoRuns() {
    PopulationState state = after(started(),
        new PopulationEvent.InitialAssigned(START.plusSeconds(10), 1, 5, "w"),
        new PopulationEvent.Resumed(START.plusSeconds(1000)),
        new PopulationEvent.Reassigned(START.plusSeconds(1003), 1, 2, "w"));
    assertEquals(13_000, state.runningMillis());
  }

  @Test
  void lossAccepted_whoWasLostIsDead_andTheBestOfTheRestIsBest() {
    PopulationState state = after(started(), initial(1), initial(2), initial(3), trained(1, 0.9), trained(2, 0.4),
        new PopulationEvent.LossAccepted(START, "a file", List.of(1L, 3L)));
    assertEquals(2, state.best().orElseThrow().id());
    assertEquals(0, state.training());
    assertEquals(2, state.dead());
    assertEquals(3, state.conceived());
  }

  @Test
  void updated_aRecordThatDoesNotFollow_isRefusedByNumber() {
    PopulationState state = started();
    Link gap = new Link(3, state.head().hash(), EventCodec.encode(initial(1)));
    String message = assertThrows(IllegalStateException.class, () -> state.updated(gap)).getMessage();
    assertTrue(message.contains("event 3") && message.contains("event 1"), message);
  }

  @Test
  void updated_anEventThatContradictsThePopulation_isRefused() {
    assertThrows(IllegalStateException.class, () -> after(started(), trained(1, 0.5)));
    assertThrows(IllegalStateException.class, () -> after(started(), initial(2)));
  }

  @Test
  void settingsChanged_holdsForChildrenFromThenOn_andWhatItWasStartedWithIsKnown() {
    PopulationState state = after(started(), initial(1));
    state = after(state, new PopulationEvent.SettingsChanged(START, "", "steps", "99",
        ControlDecision.changed(state.inForce(), "steps", "99")), initial(2));
    assertEquals(10, state.children().get(1L).terms().steps());
    assertEquals(99, state.children().get(2L).terms().steps());
    assertEquals(99, state.inForce().training().steps());
    assertEquals(10, state.started().orElseThrow().training().steps());
  }

  @Test
  void weightsReset_everybodyTrainsFromFreshWeightsUnderTheNextAttempt_andNothingElseIsForgotten() {
    PopulationState before = after(started(), initial(1), initial(2), trained(1, 0.3), trained(2, 0.4),
        tournament(1, 2, 3));
    PopulationState state = after(before, new PopulationEvent.WeightsReset(START, "r"));
    assertEquals(0, state.alive());
    assertEquals(Set.of(2L, 3L), state.children().keySet());
    assertEquals(before.dead(), state.dead());
    assertEquals(before.best(), state.best());
    assertEquals(before.outbox(), state.outbox());
    for (PopulationState.Child child : state.children().values()) {
      assertEquals(2, child.attempt());
      assertEquals("", child.parentWeights());
      assertEquals("", child.worker());
      assertEquals(state.head().sequence(), child.reset());
    }
    assertEquals(OptionalLong.of(2), state.children().get(3L).parent());
    assertFalse(state.awaits(3, 1), "a result from before the reset does not count");
    assertEquals(state.head().sequence(), state.commands().get("r"));
  }

  @Test
  void testAccuracy_isThatOfTheBestModel_untilTheIndividualBecomesTheBestAgainAfterAReset() {
    PopulationState reset = after(started(), initial(1), trained(1, 0.5), new PopulationEvent.TestRead(START, 1, 0.4),
        new PopulationEvent.WeightsReset(START, ""), new PopulationEvent.Reassigned(START, 1, 3, "w"));
    assertEquals(Map.of(1L, 0.4), after(reset, trained(1, 0.3)).tests());
    assertEquals(Map.of(), after(reset, trained(1, 0.6)).tests());
  }

  @Test
  void pins_keepTheirWeightsUntilTheyAreUnpinned() {
    PopulationState pinned =
        after(started(), new PopulationEvent.MomentPinned(START, "", 1, List.of(Experiments.hash(77))));
    assertTrue(pinned.namedWeights().contains(Experiments.hash(77)));
    PopulationState unpinned = after(pinned, new PopulationEvent.MomentUnpinned(START, "", 1));
    assertFalse(unpinned.namedWeights().contains(Experiments.hash(77)));
  }

  @Test
  void commands_theLastThousandAreKnown_theOldestForgottenFirst() {
    PopulationState state = started();
    for (int i = 0; i < 1030; i++) {
      state = after(state, i % 2 == 0
          ? new PopulationEvent.Paused(START, "request-" + i) : new PopulationEvent.Unpaused(START, "request-" + i));
    }
    assertEquals(1024, state.commands().size());
    assertFalse(state.commands().containsKey("request-5"));
    assertEquals(8, state.commands().get("request-6"));
  }

  @Test
  void forked_goesOnFromThePastUnderItsOwnNameAndSettings() {
    PopulationState past = after(started(), initial(1), trained(1, 0.3),
        new PopulationEvent.MomentPinned(START, "c", 1, List.of(Experiments.hash(77))),
        new PopulationEvent.Paused(START, ""));
    PopulationState fork = after(past,
        new PopulationEvent.Forked(START.plusSeconds(500), "two", "run", 5, Experiments.settings(9, 7)));
    assertEquals("two", fork.experiment());
    assertEquals(7, fork.setPoint());
    assertEquals(Map.of(), fork.commands());
    assertEquals(Map.of(), fork.pins());
    assertFalse(fork.paused());
    assertEquals(past.living(), fork.living());
    assertEquals(past.runningMillis(), fork.runningMillis());
  }

  /** Steps, results, failures, restarts, resets, changes of the set-point and readings in any order. */
  @Property(tries = 60)
  void anyHistory_keepsTheInvariants(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int setPoint) {
    Random random = new Random(seed);
    PopulationState state = after(PopulationState.empty(),
        new PopulationEvent.ExperimentStarted(START, "run", Experiments.settings(seed, setPoint)));
    List<Link> history = new ArrayList<>();
    double bestEver = Double.NEGATIVE_INFINITY;
    PopulationState beforeHistory = state;
    for (int i = 0; i < 150; i++) {
      Batch batch = new Batch(state, List.of());
      List<Long> children = List.copyOf(state.children().keySet());
      int choice = random.nextInt(20) == 0 ? 10 + random.nextInt(2) : random.nextInt(10);
      if (choice < 4 && children.size() < 4) {
        Step.take(batch, "w" + random.nextInt(3), START.plusSeconds(i));
      } else if (choice < 8 && !children.isEmpty()) {
        long child = children.get(random.nextInt(children.size()));
        int attempt = state.children().get(child).attempt();
        if (random.nextInt(5) == 0) {
          batch.add(new PopulationEvent.ChildFailed(START, child, attempt, "DIVERGED", "NaN", 1, StreamHead.EMPTY));
        } else {
          double fitness = random.nextInt(20) / 20.0;
          bestEver = Math.max(bestEver, fitness);
          batch.add(new PopulationEvent.ChildTrained(START, child, attempt, fitness, Experiments.hash(child), 2, 3,
              StreamHead.EMPTY));
        }
      } else if (choice == 8 && !children.isEmpty()) {
        long child = children.get(random.nextInt(children.size()));
        batch.add(new PopulationEvent.Reassigned(START, child, state.children().get(child).attempt() + 1, "again"));
      } else if (choice == 10) {
        batch.add(new PopulationEvent.WeightsReset(START, "reset-" + i));
      } else if (choice == 11 && !state.outbox().isEmpty()) {
        batch.add(new PopulationEvent.KillsAcknowledged(START, List.of(state.outbox().firstKey())));
      }
      history.addAll(batch.links());
      state = batch.state();

      assertEquals(state.conceived(), state.alive() + state.dead() + state.training() + state.failed());
      assertTrue(state.alive() + state.training() <= setPoint, "the set-point is never exceeded");
      assertEquals(bestEver, state.best().map(PopulationState.Best::fitness).orElse(Double.NEGATIVE_INFINITY));
      Set<Long> alive = state.living().stream().map(PopulationState.Alive::id).collect(Collectors.toSet());
      assertEquals(state.alive(), alive.size());
      assertTrue(alive.stream().noneMatch(state.children()::containsKey));
      assertTrue(alive.stream().noneMatch(state.outbox()::containsKey));
      Set<String> named = state.namedWeights();
      assertTrue(state.living().stream().allMatch(one -> named.contains(one.weights())));
    }
    PopulationState replayed = beforeHistory;
    for (Link link : history) {
      replayed = replayed.updated(link);
    }
    assertEquals(state, replayed);
    assertEquals(state, Snapshot.of("population", 1, state).read("population", 1, PopulationState.class));
  }
}
