package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.WeightsHash;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GarbageCollectionTest {

  private final Colony colony = new Colony();

  @AfterEach
  void close() {
    colony.close();
  }

  /** The second one begins after everything before: the first one may be answered by one that was running. */
  private PopulationCommand.Collected collect() {
    colony.ask(PopulationCommand.Collect::new, PopulationCommand.Collected.class);
    return colony.ask(PopulationCommand.Collect::new, PopulationCommand.Collected.class);
  }

  @Test
  void sweep_keepsTheLivingTheBestAndWhatChildrenInheritFrom_andIsAnEvent() {
    colony.open();
    PullReply next = colony.evolve(9);
    Colony.eventually(() -> colony.count(PopulationEvent.WeightsCollected.class) > 0);
    colony.sweeps.clear();
    colony.ask(PopulationCommand.Collect::new, PopulationCommand.Collected.class);
    PullReply.Assignment training = assertInstanceOf(PullReply.Assignment.class, next);
    OptionalLong parent = training.parent();
    var kept = colony.sweeps.get(0);
    assertTrue(kept.contains(new WeightsHash(Experiments.hash(parent.orElseThrow()))));
    assertTrue(kept.contains(new WeightsHash(colony.status().best().orElseThrow().weights())));
    assertTrue(kept.size() <= 4, kept.toString());
  }

  @Test
  void sweepThatTookLong_isRestedFrom_unlessSomebodyWaits() {
    colony.open();
    colony.sweepsEnd = new CountDownLatch(1);
    colony.evolve(8);
    Colony.eventually(() -> colony.sweeps.size() == 1);
    colony.clock.advance(Duration.ofSeconds(2));
    colony.sweepsEnd.countDown();
    colony.evolve(8);
    assertEquals(1, colony.sweeps.size(), "it rests for nine times two seconds");
    colony.clock.advance(Duration.ofSeconds(18));
    Colony.eventually(() -> colony.sweeps.size() == 2);
    collect();
    assertTrue(colony.sweeps.size() >= 3, "who asks is not kept waiting");
  }

  @Test
  void sweep_waitsWhileABiographyIsAsked() {
    colony.open();
    PullReply.Assignment lost = colony.assigned("w");
    colony.individuals.put(lost.child(), colony.kit.createTestProbe(IndividualCommand.class).ref());
    colony.clock.advance(Colony.LEASE);
    TestProbe<PopulationCommand.Collected> probe = colony.kit.createTestProbe(PopulationCommand.Collected.class);
    colony.population().tell(new PopulationCommand.Collect(probe.ref()));
    probe.expectNoMessage(Duration.ofMillis(300));
    colony.individuals.remove(lost.child());
    colony.clock.advance(Duration.ofSeconds(1));
    Colony.eventually(() -> colony.pull("other") instanceof PullReply.Assignment);
    colony.clock.advance(Duration.ofSeconds(1));
    Colony.eventually(() -> !colony.sweeps.isEmpty());
    probe.receiveMessage();
  }

  @Test
  void lineagesAreKept_everyAncestorStays_andNobodyElse() {
    colony.keep = "lineage";
    colony.open();
    colony.evolve(30);
    collect();
    Map<Long, Long> parents = new HashMap<>();
    for (PopulationEvent event : colony.spine()) {
      if (event instanceof PopulationEvent.TournamentHeld held && held.parent().isPresent()) {
        parents.put(held.child(), held.parent().getAsLong());
      }
    }
    PopulationState state = colony.state();
    Set<WeightsHash> expected = new HashSet<>();
    state.living().forEach(alive -> addLine(alive.id(), parents, expected));
    addLine(state.best().orElseThrow().id(), parents, expected);
    state.children().values().forEach(child -> addLine(parents.get(child.id()), parents, expected));
    assertEquals(expected, colony.sweeps.get(colony.sweeps.size() - 1));
    assertTrue(expected.size() > state.namedWeights().size(), "some of the ancestors died");
    assertTrue(expected.size() < state.conceived() - state.training(), "some of the dead are nobody's ancestors");
  }

  private static void addLine(Long individual, Map<Long, Long> parents, Set<WeightsHash> line) {
    for (Long one = individual; one != null; one = parents.get(one)) {
      line.add(new WeightsHash(Experiments.hash(one)));
    }
  }

  @Test
  void ancestorsThatDoNotAnswer_nothingIsDeleted() {
    colony.keep = "lineage";
    colony.open();
    colony.evolve(2);
    colony.individuals.put(1L, colony.kit.createTestProbe(IndividualCommand.class).ref());
    assertFalse(collect().problem().isEmpty());
    assertEquals(List.of(), colony.sweeps);
  }

  @Test
  void pinDuringASweep_isDecidedBehindIt_andRefusedWhereItDeletedTheWeights() {
    colony.open();
    colony.evolve(3);
    colony.stale.add(new WeightsHash(Experiments.hash(777)));
    colony.sweepsEnd = new CountDownLatch(1);
    colony.population().tell(new PopulationCommand.Collect(
        colony.kit.createTestProbe(PopulationCommand.Collected.class).ref()));
    Colony.eventually(() -> !colony.sweeps.isEmpty());
    TestProbe<ControlAnswer> late = pin(2, 777);
    TestProbe<ControlAnswer> kept = pin(3, 1);
    late.expectNoMessage(Duration.ofMillis(200));
    colony.sweepsEnd.countDown();
    assertEquals("1 of the weights that event 2 needs have just been deleted: nobody named them.",
        late.receiveMessage().refusal());
    assertEquals("", kept.receiveMessage().refusal());
    assertEquals(Set.of(3L), colony.state().pins().keySet());
  }

  @Test
  void noSweepBetweenThePinAndItsEvent_soThatItsWeightsStay() {
    colony.open();
    colony.evolve(3);
    colony.stale.add(new WeightsHash(Experiments.hash(777)));
    assertEquals("", pin(2, 777).receiveMessage().refusal());
    collect();
    assertEquals("", pin(3, 777).receiveMessage().refusal(), "it is still there");
  }

  private TestProbe<ControlAnswer> pin(long event, long weights) {
    TestProbe<ControlAnswer> answer = colony.kit.createTestProbe(ControlAnswer.class);
    colony.population().tell(new PopulationCommand.Steer(
        "", new Control.Pin(event, List.of(Experiments.hash(weights))), answer.ref()));
    return answer;
  }

  @Test
  void allIsKept_nothingIsDeleted() {
    colony.keep = "all";
    colony.open();
    colony.evolve(9);
    assertEquals(List.of(), collect().weights());
    assertEquals(List.of(), colony.sweeps);
  }
}
