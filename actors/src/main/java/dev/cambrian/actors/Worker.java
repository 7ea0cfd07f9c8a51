package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import dev.cambrian.persistence.ExperimentSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * A device slot: the sharded actor that owns one {@link TrainingLoop} and its thread. It tells the population that the
 * slot lives and how far it is, and passes on what ends the loop's work; the work itself is the loop's.
 */
final class Worker extends AbstractBehavior<WorkerCommand> {

  static final EntityTypeKey<WorkerCommand> KEY = EntityTypeKey.create(WorkerCommand.class, "worker");

  /** What every worker of a node is given. */
  record Setup(
      RecipientRef<PopulationCommand> population,
      LongFunction<RecipientRef<IndividualCommand>> individuals,
      ExperimentSettings settings,
      Equipment equipment,
      PopulationSetup.Timing timing) {}

  private final String name;
  private final DevicePool pool;
  private final Setup setup;
  private final List<ActorRef<Done>> ending = new ArrayList<>();
  private Optional<TrainingLoop> loop = Optional.empty();
  private int loops;
  private boolean working;
  private boolean resting;

  private Worker(ActorContext<WorkerCommand> context, String name, DevicePool pool, Setup setup) {
    super(context);
    this.name = name;
    this.pool = pool;
    this.setup = setup;
  }

  /**
   * @param name its slot's
   * @param pool its device, which it shares with other workers
   */
  static Behavior<WorkerCommand> create(String name, DevicePool pool, Setup setup) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
      timers.startTimerWithFixedDelay(WorkerCommand.Beat.INSTANCE, setup.timing().heartbeat());
      return new Worker(context, name, pool, setup);
    }));
  }

  @Override
  public Receive<WorkerCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(WorkerCommand.Work.class, this::onWork)
        .onMessage(WorkerCommand.Beat.class, beat -> onBeat())
        .onMessage(WorkerCommand.Abandon.class, this::onAbandon)
        .onMessage(WorkerCommand.Rest.class, this::onRest)
        .onMessage(WorkerCommand.Stop.class, this::onStop)
        .onMessage(WorkerCommand.Ended.class, this::onEnded)
        .onSignal(PostStop.class, stopped -> onStopped())
        .build();
  }

  /** The thread does not outlive the actor: the slot may be another actor's soon. */
  private Behavior<WorkerCommand> onStopped() {
    loop.ifPresent(TrainingLoop::stop);
    return this;
  }

  private Behavior<WorkerCommand> onWork(WorkerCommand.Work work) {
    working = true;
    if (loop.isEmpty()) {
      begin(Optional.empty());
    }
    work.replyTo().tell(Done.getInstance());
    return this;
  }

  private void begin(Optional<PullReply.Assignment> hung) {
    ActorRef<WorkerCommand> self = getContext().getSelf();
    int number = ++loops;
    TrainingLoop next = new TrainingLoop(
        name,
        pool,
        new TrainingLoop.Correspondents(
            setup.population(), setup.individuals(), getContext().getSystem().scheduler()),
        setup.settings(),
        setup.equipment(),
        setup.timing(),
        hung,
        finished -> self.tell(new WorkerCommand.Ended(number, finished)));
    loop = Optional.of(next);
    if (resting) {
      next.rest();
    }
    Thread thread = new Thread(next, "worker " + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Also begins anew where the thread ended for no good reason, or hangs and is given up. */
  private Behavior<WorkerCommand> onBeat() {
    if (working && loop.isEmpty()) {
      begin(Optional.empty());
    }
    loop.flatMap(TrainingLoop::guardTime).ifPresent(lost -> {
      loop.get().stop();
      begin(Optional.of(lost));
    });
    loop.ifPresent(present ->
        setup.population().tell(new PopulationCommand.Heartbeat(present.progress(), getContext().getSelf())));
    return this;
  }

  private Behavior<WorkerCommand> onAbandon(WorkerCommand.Abandon abandon) {
    loop.ifPresent(present -> present.abandon(new WorkerProgress.Task(abandon.child(), abandon.attempt())));
    return this;
  }

  private Behavior<WorkerCommand> onRest(WorkerCommand.Rest rest) {
    resting = true;
    return end(rest.replyTo(), TrainingLoop::rest);
  }

  private Behavior<WorkerCommand> onStop(WorkerCommand.Stop stop) {
    return end(stop.replyTo(), TrainingLoop::stop);
  }

  private Behavior<WorkerCommand> end(ActorRef<Done> replyTo, Consumer<TrainingLoop> how) {
    working = false;
    if (loop.isEmpty()) {
      replyTo.tell(Done.getInstance());
      return this;
    }
    ending.add(replyTo);
    how.accept(loop.get());
    return this;
  }

  private Behavior<WorkerCommand> onEnded(WorkerCommand.Ended ended) {
    if (ended.loop() != loops) {
      return this;
    }
    loop = Optional.empty();
    working = working && !ended.finished();
    if (!ending.isEmpty()) {
      setup.population().tell(new PopulationCommand.HandBack(name));
    }
    ending.forEach(one -> one.tell(Done.getInstance()));
    ending.clear();
    return this;
  }
}
