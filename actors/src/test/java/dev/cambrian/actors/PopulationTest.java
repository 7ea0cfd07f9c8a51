package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import dev.cambrian.persistence.StreamName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PopulationTest {

  private final Colony colony = new Colony();

  @AfterEach
  void close() {
    colony.close();
  }

  @Test
  void pull_repeated_givesTheSameAssignmentAndNoEvent() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    assertEquals(first, colony.pull("w"));
    assertEquals(2, colony.spine().size());
    assertEquals(2, colony.assigned("other").child());
  }

  @Test
  void report_countsOnce_andBringsTheNextChild() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    Biography child = colony.train(first, 0.5);
    PullReply next = colony.report("w", child);
    assertInstanceOf(PullReply.Assignment.class, next);
    assertEquals(next, colony.report("w", child));

    assertEquals(1, colony.count(PopulationEvent.ChildTrained.class));
    PopulationEvent.ChildTrained counted = (PopulationEvent.ChildTrained) colony.spine().get(2);
    assertEquals(child.head(), counted.biography());
    assertEquals(1, colony.status().alive());
  }

  @Test
  void report_ofAFailedChild_isADeathThatNeverLived() {
    colony.open();
    PullReply next = colony.report("w", colony.fail(colony.assigned("w")));
    assertInstanceOf(PullReply.Assignment.class, next);
    Status status = colony.status();
    assertEquals(1, status.failed());
    assertEquals(0, status.alive());
    assertEquals(0, status.dead());
  }

  @Test
  void atTheSetPoint_everyStepKillsOneAndConceivesOne_andTheDeathReachesTheBiography() {
    colony.open();
    colony.evolve(8);
    Status status = colony.status();
    assertEquals(3, status.alive() + status.training());
    assertEquals(6, status.dead());
    PopulationEvent.TournamentHeld held = colony.spine().stream()
        .filter(PopulationEvent.TournamentHeld.class::isInstance)
        .map(PopulationEvent.TournamentHeld.class::cast)
        .filter(one -> one.killed().isPresent())
        .findFirst().orElseThrow();
    long killed = held.killed().getAsLong();
    Colony.eventually(() -> colony.tell(killed, IndividualCommand.Get::new).killed().isPresent());
  }

  @Test
  void lease_expires_andTheChildIsHandedOutUnderANewAttempt_andTheLateResultDoesNotCount() {
    colony.open();
    PullReply.Assignment lost = colony.assigned("lost");
    colony.clock.advance(Colony.LEASE);
    PullReply.Assignment again = colony.assigned("w");
    while (again.child() != lost.child()) {
      again = assertInstanceOf(PullReply.Assignment.class, colony.report("w", colony.train(again, 0.3)));
    }
    assertEquals(2, again.attempt());
    assertEquals(lost.seed(), again.seed());

    Biography late = colony.train(lost, 0.99);
    assertFalse(late.ended());
    colony.report("lost", late);
    assertTrue(colony.status().best().map(best -> best.fitness() < 0.9).orElse(true));

    Biography child = colony.train(again, 0.4);
    colony.report("w", child);
    assertEquals(1, colony.spine().stream()
        .filter(event -> event instanceof PopulationEvent.ChildTrained trained && trained.child() == lost.child())
        .count());
  }

  @Test
  void heartbeat_renewsTheLease_andAnAttemptThatIsOverIsToldToStop() {
    colony.open();
    PullReply.Assignment mine = colony.assigned("w");
    TestProbe<WorkerCommand> worker = colony.kit.createTestProbe(WorkerCommand.class);
    WorkerProgress progress = new WorkerProgress("w",
        Optional.of(new WorkerProgress.Task(mine.child(), mine.attempt())), Optional.empty(), 3, 10, 15, 100);
    for (int i = 0; i < 4; i++) {
      colony.clock.advance(Colony.LEASE.dividedBy(2));
      colony.population().tell(new PopulationCommand.Heartbeat(progress, worker.ref()));
    }
    assertEquals(3, colony.status().trainings().get(0).step());
    worker.expectNoMessage(Duration.ofMillis(200));
    assertEquals(mine, colony.pull("w"));

    colony.clock.advance(Colony.LEASE);
    PullReply.Assignment other = colony.assigned("other");
    while (other.child() != mine.child()) {
      other = assertInstanceOf(PullReply.Assignment.class, colony.report("other", colony.train(other, 0.3)));
    }
    colony.population().tell(new PopulationCommand.Heartbeat(progress, worker.ref()));
    assertEquals(new WorkerCommand.Abandon(mine.child(), 1), worker.receiveMessage());
  }

  @Test
  void recovery_asksTheBiographyFirst_andTakesAResultThatWasNeverReported() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    PullReply.Assignment second = colony.assigned("v");
    colony.train(first, 0.5);
    colony.crash();
    colony.open();
    PullReply.Assignment next = colony.assigned("w");
    assertEquals(second.child(), next.child());
    assertEquals(2, next.attempt());
    assertEquals(1, colony.status().alive());
    assertEquals(1, colony.count(PopulationEvent.Resumed.class));
    assertEquals(1, colony.count(PopulationEvent.ChildTrained.class));
  }

  @Test
  void recovery_fromSnapshotAndEvents_isTheSamePopulation() {
    colony.open();
    colony.evolve(9);
    Status before = colony.status();
    colony.crash();
    colony.open();
    Status after = colony.status();
    assertEquals(before.event(), after.event());
    assertEquals(before.best(), after.best());
    assertEquals(before.meanFitness(), after.meanFitness());
    assertEquals(before.dead(), after.dead());
  }

  @Test
  void nothingIsAnswered_beforeTheHeadFileHoldsIt() throws Exception {
    colony.open();
    CountDownLatch disk = new CountDownLatch(1);
    colony.head = written -> {
      try {
        disk.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    };
    TestProbe<PullReply> probe = colony.kit.createTestProbe(PullReply.class);
    colony.population().tell(new PopulationCommand.Pull("w", probe.ref()));
    Colony.eventually(() -> colony.spine().size() == 2);
    probe.expectNoMessage(Duration.ofMillis(200));
    disk.countDown();
    probe.receiveMessage();
  }

  @Test
  void headFileThatCannotBeWritten_endsEverythingWithASentence() {
    colony.open();
    colony.head = written -> {
      throw new IOException("no space left on device");
    };
    TestProbe<PullReply> probe = colony.kit.createTestProbe(PullReply.class);
    colony.population().tell(new PopulationCommand.Pull("w", probe.ref()));
    Colony.eventually(() -> !colony.failures.isEmpty());
    assertTrue(colony.failures.get(0).contains("no space left on device"), colony.failures.get(0));
    probe.expectNoMessage(Duration.ofMillis(200));
  }

  @Test
  void failedWrite_isNotAnswered_andTheNextQuestionIs() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    colony.journal.failNextPersisted(StreamName.spine(Colony.NAME));
    TestProbe<PullReply> probe = colony.kit.createTestProbe(PullReply.class);
    Biography child = colony.train(first, 0.5);
    colony.population().tell(new PopulationCommand.Report("w", child, false, probe.ref()));
    probe.expectNoMessage(Duration.ofMillis(100));
    assertInstanceOf(PullReply.class, colony.report("w", child));
    colony.assigned("w");
    assertEquals(1, colony.count(PopulationEvent.ChildTrained.class));
    assertEquals(1, colony.status().alive());
  }

  @Test
  void kill_isSentUntilItIsAcknowledged() {
    colony.open();
    TestProbe<IndividualCommand> deaf = colony.kit.createTestProbe(IndividualCommand.class);
    colony.evolve(2);
    colony.individuals.replaceAll((id, any) -> deaf.ref());
    PullReply.Assignment third = colony.assigned("w");
    colony.individuals.remove(third.child());
    colony.report("w", colony.train(third, 0.9));
    IndividualCommand.Kill first = deaf.expectMessageClass(IndividualCommand.Kill.class);
    colony.clock.advance(Duration.ofSeconds(2));
    IndividualCommand.Kill second = deaf.expectMessageClass(IndividualCommand.Kill.class, Duration.ofSeconds(5));
    assertEquals(first.event(), second.event());
    second.replyTo().tell(Biography.empty(colony.state().outbox().firstKey()));
    colony.clock.advance(Duration.ofSeconds(2));
    deaf.expectNoMessage(Duration.ofMillis(300));
  }

  @Test
  void open_underOtherSettings_saysWhichAndChangesNothing() {
    colony.open();
    colony.assigned("w");
    colony.crash();
    int events = colony.spine().size();
    colony.setPoint = 5;
    String problem = colony.open();
    assertTrue(problem.contains("population = 3, not 5"), problem);
    assertEquals(events, colony.spine().size());
  }

  @Test
  void open_whereTheJournalEndsBeforeTheHeadFile_saysThatEventsWereLost() {
    colony.open();
    colony.crash();
    colony.known = new StreamHead(40, Experiments.hash(40));
    String problem = colony.open();
    assertTrue(problem.contains("event 1") && problem.contains("event 40"), problem);
    assertEquals(1, colony.spine().size());
  }

  @Test
  void test_isReadOnceAndKept_alsoAfterARestart() {
    colony.open();
    colony.evolve(2);
    assertEquals(OptionalDouble.of(0.7), recordTest(1, 0.7));
    assertEquals(OptionalDouble.of(0.7), recordTest(1, 0.9));
    colony.crash();
    colony.open();
    assertEquals(OptionalDouble.of(0.7), colony.ask(
        replyTo -> new PopulationCommand.GetTest(1, replyTo), PopulationCommand.TestKept.class).testAccuracy());
    assertEquals(1, colony.count(PopulationEvent.TestRead.class));
  }

  private OptionalDouble recordTest(long individual, double accuracy) {
    return colony.ask(replyTo -> new PopulationCommand.RecordTest(individual, accuracy, replyTo),
        PopulationCommand.TestKept.class).testAccuracy();
  }

  @Test
  void until_reached_nothingNewIsConceived_andTheEndIsToldWhenTheLastTrainingEnds() {
    colony.until = Until.individuals(4);
    colony.open();
    TestProbe<Status> end = colony.kit.createTestProbe(Status.class);
    colony.population().tell(new PopulationCommand.AwaitEnd(end.ref()));
    PullReply.Assignment slow = colony.assigned("slow");
    colony.evolve(3);
    assertInstanceOf(PullReply.NoWork.class, colony.pull("w"));
    end.expectNoMessage(Duration.ofMillis(150));
    assertInstanceOf(PullReply.Finished.class, colony.report("slow", colony.train(slow, 0.2)));
    Status status = end.receiveMessage();
    assertEquals(Status.State.FINISHED, status.state());
    assertEquals(4, status.individuals());
  }

  @Test
  void until_minutes_countsRunningTimeOverTwoRuns() {
    colony.until = new Until(
        OptionalLong.empty(), OptionalDouble.of(2), OptionalDouble.empty(), OptionalDouble.empty());
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    colony.clock.advance(Duration.ofSeconds(50));
    colony.report("w", colony.train(first, 0.5));
    colony.crash();
    colony.clock.advance(Duration.ofHours(3));
    colony.open();
    PullReply.Assignment second = colony.assigned("w");
    assertEquals(50, colony.status().elapsedSeconds(), 1);
    colony.clock.advance(Duration.ofSeconds(50));
    PullReply.Assignment third =
        assertInstanceOf(PullReply.Assignment.class, colony.report("w", colony.train(second, 0.5)));
    colony.clock.advance(Duration.ofSeconds(21));
    assertInstanceOf(PullReply.Finished.class, colony.report("w", colony.train(third, 0.5)));
  }

  @Test
  void until_fitnessOrFlops_ends() {
    colony.until = new Until(
        OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.of(0.8), OptionalDouble.of(1e9));
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    assertInstanceOf(PullReply.Finished.class, colony.report("w", colony.train(first, 0.8)));
  }

  @Test
  void pause_assignsNothingNew_andTakesResults() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    colony.ask(PopulationCommand.Pause::new, Done.class);
    assertInstanceOf(PullReply.NoWork.class, colony.report("w", colony.train(first, 0.8)));
    assertEquals(1, colony.status().alive());
    assertEquals(Status.State.PAUSED, colony.status().state());
    colony.ask(PopulationCommand.Unpause::new, Done.class);
    assertInstanceOf(PullReply.Assignment.class, colony.pull("w"));
  }

  @Test
  void failedChild_isReportedWithItsReason() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    colony.report("w", colony.fail(first));
    PopulationEvent.ChildFailed failed = (PopulationEvent.ChildFailed) colony.spine().get(2);
    assertEquals("DIVERGED", failed.reason());
    assertEquals(Optional.of("the loss is NaN"),
        colony.tell(first.child(), IndividualCommand.Get::new).failed().map(IndividualEvent.Failed::message));
  }

  private ControlAnswer steer(String id, Control control) {
    return colony.ask(replyTo -> new PopulationCommand.Steer(id, control, replyTo), ControlAnswer.class);
  }

  @Test
  void steer_repeatedUnderTheSameId_isOneEventAndTheSameAnswer_alsoAfterARestart() {
    colony.open();
    ControlAnswer first = steer("a", new Control.Set("population", "9"));
    assertEquals(2, first.event());
    assertEquals(2, steer("a", new Control.Set("population", "9")).event());
    colony.crash();
    colony.open();
    assertEquals(2, steer("a", new Control.Set("population", "9")).event());
    assertEquals(1, colony.count(PopulationEvent.SettingsChanged.class));
    assertTrue(steer("b", new Control.Set("population", "9")).refusal().contains("already"));
  }

  @Test
  void steer_nothingThatWasRefused_isAnEvent() {
    colony.open();
    ControlAnswer answer = steer("a", new Control.Set("population", "-3"));
    assertEquals(0, answer.event());
    assertTrue(answer.refusal().contains("population"), answer.refusal());
    assertEquals(1, colony.spine().size());
  }

  @Test
  void paused_nothingNewIsAssigned_untilItGoesOn_alsoAfterARestart() {
    colony.open();
    steer("", new Control.Set("paused", "true"));
    assertInstanceOf(PullReply.NoWork.class, colony.pull("w"));
    colony.crash();
    colony.open();
    assertInstanceOf(PullReply.NoWork.class, colony.pull("w"));
    assertEquals(Status.State.PAUSED, colony.status().state());
    steer("", new Control.Set("paused", "false"));
    assertEquals(1, colony.assigned("w").child());
  }

  @Test
  void steps_reachWhoIsConceivedNext_andNotWhoIsTraining() {
    colony.open();
    PullReply.Assignment before = colony.assigned("w");
    steer("", new Control.Set("steps", "77"));
    assertEquals(before, colony.pull("w"));
    assertEquals(77, colony.assigned("v").terms().steps());
  }

  @Test
  void resetOfTheWeights_everybodyTrainsAgainFirst_andWhatWasTrainedBeforeDoesNotCount() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    PullReply.Assignment flying = colony.assigned("v");
    PullReply next = colony.report("w", colony.train(first, 0.9));
    PullReply.Assignment third = assertInstanceOf(PullReply.Assignment.class, next);
    long event = steer("", new Control.ResetWeights()).event();
    assertEquals(0, colony.status().alive());
    assertEquals(3, colony.status().training());

    Biography late = colony.train(flying, 0.99);
    PullReply.Assignment again = assertInstanceOf(PullReply.Assignment.class, colony.report("v", late));
    assertEquals(0, colony.status().alive());
    assertEquals(first.child(), again.child(), "the oldest goes first");
    assertEquals(event, again.reset());
    assertTrue(again.attempt() > first.attempt());

    Biography opened = colony.tell(again.child(),
        replyTo -> new IndividualCommand.Reset(again.attempt(), again.reset(), replyTo));
    assertFalse(opened.ended());
    assertEquals(opened, colony.tell(again.child(),
        replyTo -> new IndividualCommand.Reset(again.attempt(), again.reset(), replyTo)), "asked twice, opened once");
    colony.report("v", colony.train(again, 0.5));
    assertEquals(1, colony.status().alive());
    assertEquals(0.5, colony.status().meanFitness());
    assertEquals(0.9, colony.status().best().orElseThrow().fitness());

    TestProbe<WorkerCommand> worker = colony.kit.createTestProbe(WorkerCommand.class);
    colony.population().tell(new PopulationCommand.Heartbeat(new WorkerProgress("w",
        Optional.of(new WorkerProgress.Task(third.child(), third.attempt())), Optional.empty(), 1, 10, 5, 1),
        worker.ref()));
    assertEquals(new WorkerCommand.Abandon(third.child(), third.attempt()), worker.receiveMessage());
  }

  @Test
  void resetOfTheWeights_thenACrash_everybodyStillTrainsAgain() {
    colony.open();
    PullReply.Assignment first = colony.assigned("w");
    colony.report("w", colony.train(first, 0.9));
    steer("", new Control.ResetWeights());
    colony.crash();
    colony.open();
    for (int i = 0; i < 2; i++) {
      PullReply.Assignment again = colony.assigned("w");
      assertTrue(again.reset() > 0);
      colony.tell(again.child(),
          replyTo -> new IndividualCommand.Reset(again.attempt(), again.reset(), replyTo));
      colony.report("w", colony.train(again, 0.4));
    }
    assertEquals(0.4, colony.status().meanFitness());
  }

  @Test
  void outbox_isEmptiedByEventsThatFollowFromTheHistory_andStaysShort() {
    colony.open();
    PullReply next = colony.pull("w");
    for (int i = 0; i < 200; i++) {
      PullReply.Assignment assignment =
          next instanceof PullReply.Assignment given ? given : colony.assigned("w");
      next = colony.report("w", colony.train(assignment, 0.1));
    }
    PopulationState state = PopulationState.empty();
    for (PopulationEvent event : colony.spine()) {
      if (event instanceof PopulationEvent.KillsAcknowledged told) {
        assertEquals(64, state.outbox().size());
        assertEquals(48, told.individuals().size());
      }
      Batch batch = new Batch(state, List.of());
      batch.add(event);
      state = batch.state();
      assertTrue(state.outbox().size() <= 64);
    }
    assertTrue(colony.count(PopulationEvent.KillsAcknowledged.class) >= 2);
  }
}
