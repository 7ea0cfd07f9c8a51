package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Link;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IndividualTest {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final IndividualEvent.Conceived MADE =
      new IndividualEvent.Conceived(AT, 7, OptionalLong.of(3), 1, List.of(), "{}", true, 40);

  private final ActorTestKit kit =
      ActorTestKit.create("individual", EventSourcedBehaviorTestKit.config().withFallback(LocalConfig.inMemory()));
  private final EventSourcedBehaviorTestKit<IndividualCommand, Link, Biography> individual =
      EventSourcedBehaviorTestKit.create(kit.system(), Individual.create(7, new SettableClock()));

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static IndividualEvent.Trained result(int attempt, double fitness) {
    return new IndividualEvent.Trained(
        AT, attempt, fitness, Experiments.hash(7), 9, List.of(), 5, "w");
  }

  private CommandResultWithReply<IndividualCommand, Link, Biography, Biography> run(
      Function<ActorRef<Biography>, IndividualCommand> command) {
    return individual.runCommand(command::apply);
  }

  private Biography conceive(int attempt) {
    return run(replyTo -> new IndividualCommand.Conceive(attempt, MADE, replyTo)).reply();
  }

  @Test
  void conceive_isPersistedOnce_andAnsweredEveryTime() {
    assertEquals(MADE, conceive(1).conceived().orElseThrow());
    var again = run(replyTo -> new IndividualCommand.Conceive(1, MADE, replyTo));
    assertTrue(again.hasNoEvents());
    assertEquals(1, again.reply().head().sequence());
  }

  @Test
  void finish_theFirstResultCounts_alsoAfterARestart() {
    conceive(1);
    var finished = run(replyTo -> new IndividualCommand.Finish(result(1, 0.5), replyTo));
    assertEquals(result(1, 0.5), EventCodec.decodeIndividual(finished.event().event()));
    individual.restart();
    var second = run(replyTo -> new IndividualCommand.Finish(result(1, 0.9), replyTo));
    assertTrue(second.hasNoEvents());
    assertEquals(0.5, second.reply().trained().orElseThrow().fitness());
    assertEquals(finished.reply(), second.reply());
  }

  @Test
  void fence_closesTheAttemptsBefore_whateverTheyStillSend() {
    conceive(1);
    assertEquals(2, run(replyTo -> new IndividualCommand.Fence(2, replyTo)).reply().attempt());
    assertTrue(run(replyTo -> new IndividualCommand.Fence(2, replyTo)).hasNoEvents());

    var late = run(replyTo -> new IndividualCommand.Finish(result(1, 0.9), replyTo));
    assertTrue(late.hasNoEvents());
    assertFalse(late.reply().ended());
    var lateFailure = run(replyTo -> new IndividualCommand.Fail(
        new IndividualEvent.Failed(AT, 1, "DIVERGED", "NaN", 0, "w"), replyTo));
    assertTrue(lateFailure.hasNoEvents());

    assertTrue(run(replyTo -> new IndividualCommand.Finish(result(2, 0.4), replyTo)).reply().ended());
  }

  @Test
  void fence_afterTheEnd_tellsTheResultInstead() {
    conceive(1);
    run(replyTo -> new IndividualCommand.Finish(result(1, 0.5), replyTo));
    var fenced = run(replyTo -> new IndividualCommand.Fence(2, replyTo));
    assertTrue(fenced.hasNoEvents());
    assertEquals(1, fenced.reply().trained().orElseThrow().attempt());
  }

  @Test
  void conceive_byAnAttemptThatIsOver_isRefused() {
    run(replyTo -> new IndividualCommand.Fence(2, replyTo));
    assertTrue(conceive(1).conceived().isEmpty());
    assertTrue(conceive(2).conceived().isPresent());
  }

  @Test
  void kill_isPersistedOnce_andTheChainHoldsThroughARestart() {
    conceive(1);
    run(replyTo -> new IndividualCommand.Finish(result(1, 0.5), replyTo));
    var killed = run(replyTo -> new IndividualCommand.Kill(17, replyTo));
    assertEquals(OptionalLong.of(17), killed.reply().killed());
    individual.restart();
    var again = run(replyTo -> new IndividualCommand.Kill(17, replyTo));
    assertTrue(again.hasNoEvents());
    assertEquals(3, again.reply().head().sequence());
    assertEquals(killed.reply(), again.reply());
  }
}
