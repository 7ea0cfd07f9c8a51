package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.cambrian.persistence.PopulationEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the population makes of workers whose nodes go, and of itself coming up on another node. */
class LostNodesTest {
  private final Colony colony = new Colony();

  @AfterEach
  void close() {
    colony.close();
  }

  private TestProbe<WorkerCommand> beat(String worker, PullReply.Assignment at) {
    TestProbe<WorkerCommand> probe = colony.kit.createTestProbe(WorkerCommand.class);
    colony.population().tell(new PopulationCommand.Heartbeat(new WorkerProgress(worker,
        Optional.of(new WorkerProgress.Task(at.child(), at.attempt())), Optional.empty(), 0, 1, 0, 0), probe.ref()));
    return probe;
  }

  @Test
  void childThatIsHandedBack_isGivenToTheNextAtOnce_andItsOldAttemptIsOver() {
    colony.open();
    PullReply.Assignment first = colony.assigned("b/cpu/0");
    colony.population().tell(new PopulationCommand.HandBack("b/cpu/0"));
    PullReply.Assignment second = colony.assigned("a/cpu/0");
    assertEquals(first.child(), second.child());
    assertEquals(2, second.attempt());
    assertInstanceOf(WorkerCommand.Abandon.class, beat("b/cpu/0", first).receiveMessage());
  }

  @Test
  void childrenOfANodeThatIsGone_areGivenToOthers_andNobodyElses() {
    colony.open();
    PullReply.Assignment one = colony.assigned("b/cpu/0");
    PullReply.Assignment two = colony.assigned("b/cpu/1");
    PullReply.Assignment three = colony.assigned("bb/cpu/0");
    colony.population().tell(new PopulationCommand.NodeGone("b"));
    assertEquals(one.child(), colony.assigned("a/cpu/0").child());
    assertEquals(two.child(), colony.assigned("a/cpu/1").child());
    beat("bb/cpu/0", three).expectNoMessage(Duration.ofMillis(200));
    assertEquals(2, colony.count(PopulationEvent.Reassigned.class));
  }

  @Test
  void afterARecovery_whoIsStillThereKeepsItsChild_andOthersLoseIt() {
    colony.open();
    PullReply.Assignment there = colony.assigned("b/cpu/0");
    PullReply.Assignment gone = colony.assigned("c/cpu/0");
    colony.present.add("b/cpu/0");
    colony.crash();
    colony.open();
    assertEquals(gone.child(), colony.assigned("a/cpu/0").child());
    beat("b/cpu/0", there).expectNoMessage(Duration.ofMillis(200));
    colony.report("b/cpu/0", colony.train(there, 0.5));
    assertEquals(1, colony.status().alive());
    assertEquals(1, colony.count(PopulationEvent.Reassigned.class));
  }

  @Test
  void afterARecovery_whoDoesNotSayThatItIsThere_losesItsChildSoon() {
    colony.open();
    PullReply.Assignment silent = colony.assigned("b/cpu/0");
    colony.present.add("b/cpu/0");
    colony.crash();
    colony.open();
    colony.clock.advance(Duration.ofSeconds(2));
    AtomicInteger slots = new AtomicInteger();
    Colony.eventually(() -> {
      colony.pull("a/cpu/" + slots.getAndIncrement());
      return colony.spine().stream().anyMatch(event ->
          event instanceof PopulationEvent.Reassigned again && again.child() == silent.child());
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1})
  void afterARecoveryOnANodeWhoseClockIsAnHourOff_nobodyLosesItsChildForThat_andNoTimePasses(long hours) {
    colony.open();
    PullReply.Assignment there = colony.assigned("b/cpu/0");
    PullReply.Assignment ended = colony.assigned("b/cpu/1");
    colony.clock.advance(Duration.ofSeconds(10));
    colony.report("b/cpu/1", colony.train(ended, 0.5));
    colony.present.add("b/cpu/0");
    colony.crash();
    colony.clock.advance(Duration.ofHours(hours));
    colony.open();
    colony.assigned("a/cpu/0");
    beat("b/cpu/0", there).expectNoMessage(Duration.ofMillis(200));
    assertEquals(10, colony.status().elapsedSeconds());
    colony.clock.advance(Duration.ofSeconds(20));
    colony.report("b/cpu/0", colony.train(there, 0.6));
    assertEquals(30, colony.status().elapsedSeconds());
    assertEquals(2, colony.count(PopulationEvent.ChildTrained.class));
    assertTrue(colony.spine().stream().noneMatch(event ->
        event instanceof PopulationEvent.Reassigned again && again.child() == there.child()));
  }

  @Test
  void lastReport_counts_andBringsNoOtherChild() {
    colony.open();
    Biography child = colony.train(colony.assigned("b/cpu/0"), 0.5);
    PullReply reply = colony.ask(
        replyTo -> new PopulationCommand.Report("b/cpu/0", child, true, replyTo), PullReply.class);
    assertInstanceOf(PullReply.NoWork.class, reply);
    assertEquals(1, colony.status().alive());
    assertEquals(0, colony.status().training());
  }
}
