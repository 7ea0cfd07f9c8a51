package dev.cambrian.actors;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.SnapshotSelectionCriteria;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.StreamName;
import java.time.Clock;
import java.time.Duration;

/**
 * One individual as a persistent, sharded, passivated entity: it keeps the biography. Command -> event -> biography;
 * what was persisted is answered, and a command that changes nothing is answered just so. The training's result is
 * decided here: the first one of the attempt that holds, until a reset of the weights opens another.
 */
final class Individual extends EventSourcedBehavior<IndividualCommand, Link, Biography> {

  static final EntityTypeKey<IndividualCommand> KEY =
      EntityTypeKey.create(IndividualCommand.class, StreamName.INDIVIDUAL);

  private final long id;
  private final Clock clock;

  private Individual(long id, Clock clock) {
    super(
        PersistenceId.ofUniqueId(StreamName.biography(id)),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(100), Duration.ofSeconds(5), 0.1));
    this.id = id;
    this.clock = clock;
  }

  static Behavior<IndividualCommand> create(long id, Clock clock) {
    return new Individual(id, clock);
  }

  @Override
  public Biography emptyState() {
    return Biography.empty(id);
  }

  /** A biography is a handful of events: no snapshot is ever looked for. */
  @Override
  public Recovery recovery() {
    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
  }

  @Override
  public CommandHandler<IndividualCommand, Link, Biography> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(IndividualCommand.Get.class, (known, get) -> answer(get))
        .onCommand(IndividualCommand.Conceive.class, this::onConceive)
        .onCommand(IndividualCommand.Finish.class, this::onFinish)
        .onCommand(IndividualCommand.Fail.class, this::onFail)
        .onCommand(IndividualCommand.Fence.class, this::onFence)
        .onCommand(IndividualCommand.Reset.class, this::onReset)
        .onCommand(IndividualCommand.Kill.class, this::onKill)
        .build();
  }

  private Effect<Link, Biography> onConceive(Biography known, IndividualCommand.Conceive command) {
    if (known.conceived().isPresent() || command.attempt() < known.attempt() || known.ended()) {
      return answer(command);
    }
    return persist(known, command.made(), command, CrashPoint.CONCEIVE_PERSISTING, CrashPoint.CONCEIVE_PERSISTED,
        CrashPoint.CONCEIVE_ANSWERED);
  }

  private Effect<Link, Biography> onFinish(Biography known, IndividualCommand.Finish command) {
    if (known.ended() || command.result().attempt() < known.attempt()) {
      return answer(command);
    }
    return persist(known, command.result(), command, CrashPoint.TRAINED_PERSISTING, CrashPoint.TRAINED_PERSISTED,
        CrashPoint.TRAINED_ANSWERED);
  }

  private Effect<Link, Biography> onFail(Biography known, IndividualCommand.Fail command) {
    if (known.ended() || command.result().attempt() < known.attempt()) {
      return answer(command);
    }
    return persist(known, command.result(), command, CrashPoint.FAILED_PERSISTING, CrashPoint.FAILED_PERSISTED,
        CrashPoint.FAILED_ANSWERED);
  }

  private Effect<Link, Biography> onFence(Biography known, IndividualCommand.Fence command) {
    if (known.ended() || command.attempt() <= known.attempt()) {
      return answer(command);
    }
    return persist(known, new IndividualEvent.AttemptFenced(clock.instant(), command.attempt()), command,
        CrashPoint.FENCE_PERSISTING, CrashPoint.FENCE_PERSISTED, CrashPoint.FENCE_ANSWERED);
  }

  private Effect<Link, Biography> onReset(Biography known, IndividualCommand.Reset command) {
    if (command.attempt() <= known.attempt()) {
      return answer(command);
    }
    return persist(known, new IndividualEvent.WeightsReset(clock.instant(), command.attempt(), command.event()),
        command, CrashPoint.RESET_PERSISTING, CrashPoint.RESET_PERSISTED, CrashPoint.RESET_ANSWERED);
  }

  private Effect<Link, Biography> onKill(Biography known, IndividualCommand.Kill command) {
    if (known.killed().isPresent()) {
      return answer(command);
    }
    return persist(known, new IndividualEvent.Killed(clock.instant(), command.event()), command,
        CrashPoint.KILL_PERSISTING, CrashPoint.KILL_PERSISTED, CrashPoint.KILL_ANSWERED);
  }

  private Effect<Link, Biography> answer(IndividualCommand command) {
    return Effect().none().thenRun(known -> command.replyTo().tell(known));
  }

  private Effect<Link, Biography> persist(Biography known, IndividualEvent event, IndividualCommand command,
      CrashPoint persisting, CrashPoint persisted, CrashPoint answered) {
    persisting.reached();
    return Effect().persist(Link.after(known.head(), EventCodec.encode(event))).thenRun(updated -> {
      persisted.reached();
      command.replyTo().tell(updated);
      answered.reached();
    });
  }

  @Override
  public EventHandler<Biography, Link> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent(Biography::updated);
  }
}
