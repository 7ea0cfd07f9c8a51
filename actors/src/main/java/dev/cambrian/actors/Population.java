package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.cambrian.persistence.JournalOutage;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The population of one experiment: it keeps the spine and decides who lives, who dies and who breeds, one step for one
 * pull. Command -> decision on {@link PopulationState} -> events, persisted together -> head file -> answer: nothing is
 * answered or sent to an individual before it is on disk in both places.
 *
 * <p>Beside the persisted state it knows what only matters while it lives: who holds which child until when ({@link
 * Leases}), which kills it sent, and what waits for the head file. A recovery forgets that, and treats every child in
 * training as one whose worker may be lost.
 */
final class Population extends EventSourcedBehavior<PopulationCommand, Link, PopulationState> {

  static final EntityTypeKey<PopulationCommand> KEY =
      EntityTypeKey.create(PopulationCommand.class, StreamName.POPULATION);

  private static final long SOON_MILLIS = 5;

  private final ActorContext<PopulationCommand> context;
  private final PopulationSetup setup;
  private final Leases leases;
  private final Throughput throughput;
  private final OnDisk onDisk = new OnDisk();
  private final Kills kills;
  private final ActorRef<Biography> killed;
  private final GarbageCollection garbage;
  private final List<ActorRef<Status>> awaitingEnd = new ArrayList<>();
  private Optional<String> problem = Optional.empty();
  private Instant recovered = Instant.EPOCH;
  private boolean resumed;
  private boolean paused;

  private Population(ActorContext<PopulationCommand> context, PopulationSetup setup) {
    super(
        PersistenceId.ofUniqueId(StreamName.spine(setup.experiment())),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.1));
    this.context = context;
    this.setup = setup;
    this.leases = new Leases(setup.timing().lease());
    this.kills = new Kills(setup.timing().retry().multipliedBy(2));
    this.killed = context.messageAdapter(
        Biography.class, biography -> new PopulationCommand.KillAnswered(biography.id()));
    this.garbage = new GarbageCollection(setup, context.getSystem().scheduler());
    this.throughput = new Throughput(now());
  }

  static Behavior<PopulationCommand> create(PopulationSetup setup) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
      timers.startTimerWithFixedDelay(PopulationCommand.Tick.INSTANCE, setup.timing().tick());
      return new Population(context, setup);
    }));
  }

  @Override
  public PopulationState emptyState() {
    return PopulationState.empty();
  }

  /** None is ever deleted: from them the history is rewound to any event. */
  @Override
  public boolean shouldSnapshot(PopulationState population, Link link, long sequence) {
    return sequence % setup.timing().snapshotEvery() == 0;
  }

  @Override
  public SnapshotAdapter<PopulationState> snapshotAdapter() {
    return new PopulationSnapshot();
  }

  @Override
  public EventHandler<PopulationState, Link> eventHandler() {
    return newEventHandlerBuilder()
        .forAnyState()
        .onAnyEvent(PopulationState::updated);
  }

  @Override
  public SignalHandler<PopulationState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .onSignal(RecoveryFailed.class, (population, signal) -> Optional.of(signal.getFailure())
            .filter(failure -> JournalOutage.of(failure).isEmpty()).ifPresent(failure -> fail(failure.getMessage())))
        .build();
  }

  @Override
  public CommandHandler<PopulationCommand, Link, PopulationState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(PopulationCommand.Open.class, this::onOpen)
        .onCommand(PopulationCommand.Pull.class, this::onPull)
        .onCommand(PopulationCommand.Report.class, this::onReport)
        .onCommand(PopulationCommand.Heartbeat.class, this::onHeartbeat)
        .onCommand(PopulationCommand.HandBack.class, (population, back) -> gone(population, back.worker()::equals))
        .onCommand(PopulationCommand.NodeGone.class, (population, gone) ->
            gone(population, worker -> worker.startsWith(gone.node() + "/")))
        .onCommand(PopulationCommand.GetStatus.class, (population, get) ->
            unchanged(() -> get.replyTo().tell(status(population))))
        .onCommand(PopulationCommand.GetDigest.class, (population, get) ->
            reply(population, get.replyTo(), StateDigest.of(population)))
        .onCommand(PopulationCommand.AwaitEnd.class, (population, await) -> unchanged(() -> {
          awaitingEnd.add(await.replyTo());
          announceEnd(population);
        }))
        .onCommand(PopulationCommand.GetTest.class, (population, get) ->
            reply(population, get.replyTo(), PopulationCommand.TestKept.of(population, get.individual())))
        .onCommand(PopulationCommand.RecordTest.class, this::onRecordTest)
        .onCommand(PopulationCommand.Collect.class, (population, collect) -> unchanged(() -> {
          garbage.ask(collect.replyTo());
          sweep(population);
        }))
        .onCommand(PopulationCommand.Steer.class, this::onSteer)
        .onCommand(PopulationCommand.LookedFor.class, this::onLookedFor)
        .onCommand(PopulationCommand.Pause.class, command -> unchanged(() -> pause(true, command.replyTo())))
        .onCommand(PopulationCommand.Unpause.class, command -> unchanged(() -> pause(false, command.replyTo())))
        .onCommand(PopulationCommand.Tick.class, (population, tick) -> onTick(population))
        .onCommand(PopulationCommand.HeadWritten.class, (population, written) ->
            unchanged(() -> onDisk.caughtUp(written.sequence(), population)))
        .onCommand(PopulationCommand.HeadFailed.class, (population, command) ->
            unchanged(() -> fail(command.message())))
        .onCommand(PopulationCommand.FenceAnswered.class, this::onFenceAnswered)
        .onCommand(PopulationCommand.KillAnswered.class, this::onKillAnswered)
        .onCommand(PopulationCommand.Swept.class, this::onSwept)
        .build();
  }

  /** Also after a failed write, when this very object is used again: what it knew of the time before is void. */
  private void onRecovered(PopulationState population) {
    leases.forget();
    onDisk.forget();
    kills.forget();
    recovered = now();
    String mismatch = population.started()
        .map(started -> Mismatch.between(population.experiment(), started, setup.settings()))
        .orElse("");
    if (population.head().sequence() < setup.known().sequence()) {
      fail("the journal of experiment " + setup.experiment() + " ends at event " + population.head().sequence()
          + ", but event " + setup.known().sequence() + " was on disk before: events were lost");
      return;
    } else if (!mismatch.isEmpty()) {
      fail(mismatch);
      return;
    }
    setup.headKeeper().tell(new HeadKeeper.Write(population.head(), context.getSelf()));
    population.children().values().forEach(this::remember);
    onDisk.then(population, this::sendKills);
  }

  /** A worker of another node has not died with this actor: it is given time to say that it is there. */
  private void remember(PopulationState.Child child) {
    if (setup.present().test(child.worker())) {
      leases.remembered(child.id(), child.attempt(), child.worker(), now(), setup.timing().retry().multipliedBy(2));
    } else {
      leases.suspect(child.id(), child.attempt(), now());
    }
  }

  private Effect<Link, PopulationState> onOpen(PopulationState population, PopulationCommand.Open open) {
    if (problem.isPresent()) {
      open.replyTo().tell(new PopulationCommand.Opened(problem.get()));
      return Effect().none();
    }
    if (population.settings().isEmpty()) {
      Batch batch = new Batch(population, List.of());
      batch.add(new PopulationEvent.ExperimentStarted(now(), setup.experiment(), setup.settings()));
      return persist(batch, SpineWrite.START, open.replyTo(), new PopulationCommand.Opened(""));
    }
    return reply(population, open.replyTo(), new PopulationCommand.Opened(""));
  }

  private Effect<Link, PopulationState> onPull(PopulationState population, PopulationCommand.Pull pull) {
    askExpired();
    return assign(begin(population), SpineWrite.ASSIGN, pull.worker(), pull.replyTo());
  }

  private Effect<Link, PopulationState> onReport(PopulationState population, PopulationCommand.Report report) {
    Batch batch = begin(population);
    Outcome.take(batch, report.child(), now());
    report.child().trained().ifPresent(setup.metrics()::reported);
    if (report.last()) {
      return persist(batch, SpineWrite.REPORT, report.replyTo(), noWork());
    }
    return assign(batch, SpineWrite.REPORT, report.worker(), report.replyTo());
  }

  /**
   * Answers a worker whose slot is free, and persists what that takes together with what is already decided. What a
   * crash left in training goes first, so right after a recovery nothing new is begun until that is clear.
   */
  private Effect<Link, PopulationState> assign(
      Batch batch, SpineWrite write, String worker, ActorRef<PullReply> replyTo) {
    Optional<Long> held = leases.heldBy(worker).filter(batch.state().children()::containsKey);
    if (held.isPresent()) {
      return persist(batch, write, replyTo, PullReply.Assignment.of(batch.state().children().get(held.get())));
    }
    boolean stillAsking = leases.anyUnclear(now()) && now().isBefore(recovered.plus(setup.timing().retry()));
    if (paused || batch.state().paused() || stillAsking || batch.state().settings().isEmpty()) {
      return persist(batch, write, replyTo, noWork());
    }
    Optional<Leases.Waiting> waiting =
        leases.nextWaiting().filter(next -> batch.state().children().containsKey(next.child()));
    if (waiting.isPresent()) {
      Leases.Waiting next = waiting.get();
      batch.add(new PopulationEvent.Reassigned(now(), next.child(), next.attempt(), worker));
      return persist(batch, SpineWrite.REASSIGN, replyTo,
          PullReply.Assignment.of(batch.state().children().get(next.child())));
    }
    if (setup.until().reached(batch.state(), elapsedSeconds(batch.state()))) {
      PullReply rest = batch.state().children().isEmpty()
          ? new PullReply.Finished(batch.state().head().sequence())
          : noWork();
      return persist(batch, write, replyTo, rest);
    }
    List<Long> leaving = Kills.leaving(batch.state());
    if (!kills.acknowledged(leaving)) {
      return persist(batch, write, replyTo, new PullReply.NoWork(SOON_MILLIS));
    } else if (!leaving.isEmpty()) {
      batch.add(new PopulationEvent.KillsAcknowledged(now(), leaving));
    }
    PullReply next = Step.take(batch, worker, now())
        .<PullReply>map(PullReply.Assignment::of)
        .orElseGet(this::noWork);
    return persist(batch, write, replyTo, next);
  }

  private PullReply noWork() {
    return new PullReply.NoWork(setup.timing().noWork().toMillis());
  }

  private Effect<Link, PopulationState> onHeartbeat(PopulationState population, PopulationCommand.Heartbeat beat) {
    throughput.heard(beat.progress(), now());
    if (leases.renewed(beat.progress(), now())) {
      WorkerProgress.Task over = beat.progress().assignment().orElseThrow();
      beat.replyTo().tell(new WorkerCommand.Abandon(over.child(), over.attempt()));
    }
    return Effect().none();
  }

  /** What workers held that are gone is handed out again, once the biographies were asked. */
  private Effect<Link, PopulationState> gone(PopulationState population, Predicate<String> workers) {
    leases.gone(workers, now());
    throughput.gone(workers);
    return onTick(population);
  }

  private Effect<Link, PopulationState> onTick(PopulationState population) {
    if (problem.isEmpty()) {
      if (throughput.anyWorker(now(), setup.timing().lease())) {
        askExpired();
      }
      sendKills(population);
      announceEnd(population);
      sweep(population);
      setup.metrics().is(status(population), leases.waiting());
    }
    return Effect().none();
  }

  /**
   * Before anyone trains a lost worker's child again, its biography is asked, and closed to the attempt before. Only
   * where there are workers: a node that only reads leaves everything as it is.
   */
  private void askExpired() {
    for (Leases.Waiting next : leases.toAsk(now())) {
      context.ask(Biography.class, setup.individuals().apply(next.child()), setup.timing().retry(),
          replyTo -> new IndividualCommand.Fence(next.attempt(), replyTo),
          (biography, failure) -> new PopulationCommand.FenceAnswered(
              next.child(), next.attempt(), Optional.ofNullable(biography)));
    }
  }

  private Effect<Link, PopulationState> onFenceAnswered(
      PopulationState population, PopulationCommand.FenceAnswered answer) {
    if (!leases.asked(answer.child())) {
      return Effect().none();
    }
    if (answer.biography().isEmpty()) {
      leases.unanswered(answer.child(), now(), setup.timing().tick());
      return Effect().none();
    }
    Biography biography = answer.biography().get();
    PopulationState.Child child = population.children().get(answer.child());
    if (!biography.ended() || biography.attempt() < child.attempt()) {
      // What ended before a reset of the weights does not count; the next attempt opens the biography again.
      leases.fenced(answer.child(), Math.max(answer.attempt(), biography.attempt()));
      return Effect().none();
    }
    Batch batch = begin(population);
    Outcome.take(batch, biography, now());
    return persist(batch, SpineWrite.RECOVER, context.getSystem().ignoreRef(), Done.getInstance());
  }

  /** With the tick, or where many wait, not with every step: workers wait less for the journal. */
  private void sendKills(PopulationState population) {
    kills.due(population, onDisk, now()).forEach((individual, event) ->
        setup.individuals().apply(individual).tell(new IndividualCommand.Kill(event, killed)));
  }

  private Effect<Link, PopulationState> onKillAnswered(
      PopulationState population, PopulationCommand.KillAnswered answer) {
    if (population.outbox().containsKey(answer.individual())) {
      kills.acknowledged(answer.individual());
      announceEnd(population);
    }
    return Effect().none();
  }

  private Effect<Link, PopulationState> onRecordTest(PopulationState population, PopulationCommand.RecordTest read) {
    if (population.tests().containsKey(read.individual())) {
      return reply(population, read.replyTo(), PopulationCommand.TestKept.of(population, read.individual()));
    }
    Batch batch = begin(population);
    batch.add(new PopulationEvent.TestRead(now(), read.individual(), read.testAccuracy()));
    return persist(batch, SpineWrite.TEST, read.replyTo(),
        PopulationCommand.TestKept.of(batch.state(), read.individual()));
  }

  /**
   * Sweeps the weight store, where it is due. Not while a biography is being asked: it may name weights that nothing
   * else names yet, and that are no longer young.
   */
  private void sweep(PopulationState population) {
    if (garbage.due(now()) && !leases.anyUnclear(now())) {
      context.pipeToSelf(garbage.begin(population, leases.storedWeights(), now()), (swept, failure) -> swept);
    }
  }

  private Effect<Link, PopulationState> onSwept(PopulationState population, PopulationCommand.Swept swept) {
    PopulationCommand.Collected collected = new PopulationCommand.Collected(swept.weights(), swept.problem());
    List<ActorRef<PopulationCommand.Collected>> waiting = garbage.ended(swept, now());
    if (!swept.problem().isEmpty()) {
      context.getLog().warn("the weights that nothing names were not deleted: {}", swept.problem());
    }
    Batch batch = begin(population);
    if (!swept.weights().isEmpty()) {
      batch.add(new PopulationEvent.WeightsCollected(now(), swept.weights()));
    }
    return persist(batch, SpineWrite.COLLECT, after -> waiting.forEach(one -> one.tell(collected)));
  }

  private Effect<Link, PopulationState> onSteer(PopulationState population, PopulationCommand.Steer steer) {
    return steer.control() instanceof Control.Pin pin
        ? unchanged(() -> context.pipeToSelf(garbage.look(steer, pin), (looked, failure) -> looked))
        : steer(population, steer, 0);
  }

  private Effect<Link, PopulationState> onLookedFor(PopulationState population, PopulationCommand.LookedFor looked) {
    garbage.lookedFor();
    return steer(population, looked.pin(), looked.missing());
  }

  /** @param missing of the weights that a pin would keep */
  private Effect<Link, PopulationState> steer(PopulationState population, PopulationCommand.Steer steer, int missing) {
    ControlDecision decided = ControlDecision.of(population, leases.held(), steer.command(), steer.control(), now())
        .unlessMissing(missing);
    if (decided.event().isEmpty()) {
      long before = population.commands().getOrDefault(steer.command(), 0L);
      return reply(population, steer.replyTo(), new ControlAnswer(before, decided.note(), decided.refusal()));
    }
    Batch batch = begin(population);
    batch.add(decided.event().get());
    return persist(batch, SpineWrite.CONTROL, steer.replyTo(),
        new ControlAnswer(batch.state().head().sequence(), decided.note(), ""));
  }

  private void pause(boolean pause, ActorRef<Done> replyTo) {
    paused = pause;
    replyTo.tell(Done.getInstance());
  }

  private Effect<Link, PopulationState> unchanged(Runnable action) {
    action.run();
    return Effect().none();
  }

  /** Tells who waits that the end is reached, once every death has been told as well. */
  private void announceEnd(PopulationState population) {
    if (!awaitingEnd.isEmpty() && finished(population)) {
      onDisk.then(population, current -> {
        sendKills(current);
        if (kills.allAcknowledged(current)) {
          awaitingEnd.forEach(one -> one.tell(status(current)));
          awaitingEnd.clear();
        }
      });
    }
  }

  private boolean finished(PopulationState population) {
    return population.settings().isPresent()
        && population.children().isEmpty()
        && setup.until().reached(population, elapsedSeconds(population));
  }

  private Status status(PopulationState population) {
    Status.State state = finished(population) ? Status.State.FINISHED
        : paused || population.paused() ? Status.State.PAUSED
        : throughput.anyWorker(now(), setup.timing().lease()) ? Status.State.RUNNING
        : Status.State.STOPPED;
    double elapsed =
        state == Status.State.FINISHED ? population.runningMillis() / 1000.0 : elapsedSeconds(population);
    return Status.of(population, state, elapsed, throughput, leases.trainings(now()), now());
  }

  /** Of all runs, to now; a run begins with its first event. */
  private double elapsedSeconds(PopulationState population) {
    long since = resumed ? Math.max(0, Duration.between(population.lastAt(), now()).toMillis()) : 0;
    return (population.runningMillis() + since) / 1000.0;
  }

  /** Events to be decided; the first ones of a later run begin with {@code Resumed}. */
  private Batch begin(PopulationState population) {
    boolean resumes = !resumed && population.settings().isPresent();
    return new Batch(population, resumes ? List.of(new PopulationEvent.Resumed(now())) : List.of());
  }

  private <T> Effect<Link, PopulationState> persist(Batch batch, SpineWrite write, ActorRef<T> replyTo, T reply) {
    return persist(batch, write, population -> replyTo.tell(reply));
  }

  private Effect<Link, PopulationState> persist(Batch batch, SpineWrite write, Consumer<PopulationState> answer) {
    if (problem.isPresent()) {
      return Effect().none();
    }
    if (batch.events().isEmpty()) {
      onDisk.then(batch.state(), answer);
      return Effect().none();
    }
    write.persisting().reached();
    Instant began = now();
    return Effect().persist(batch.links()).thenRun(population -> {
      setup.metrics().written(Duration.between(began, now()));
      write.persisted().reached();
      setup.headKeeper().tell(new HeadKeeper.Write(population.head(), context.getSelf()));
      batch.events().forEach(event -> noteWhatHappened(event, population));
      onDisk.then(population, current -> {
        answer.accept(current);
        write.answered().reached();
      });
      if (Kills.many(population)) {
        onDisk.then(population, this::sendKills);
      }
      announceEnd(population);
      sweep(population);
    });
  }

  private void noteWhatHappened(PopulationEvent event, PopulationState population) {
    resumed = true;
    setup.metrics().happened(event);
    leases.happened(event, population, now());
    garbage.happened(event);
    throughput.happened(event);
    kills.happened(event);
  }

  private <T> Effect<Link, PopulationState> reply(PopulationState population, ActorRef<T> replyTo, T reply) {
    onDisk.then(population, current -> replyTo.tell(reply));
    return Effect().none();
  }

  private void fail(String sentence) {
    problem = Optional.of(sentence);
    onDisk.forget();
    setup.failed().accept(sentence);
  }

  private Instant now() {
    return setup.clock().instant();
  }
}
