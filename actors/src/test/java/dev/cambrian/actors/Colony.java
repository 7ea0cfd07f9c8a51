package dev.cambrian.actors;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.RecipientRef;
import akka.japi.function.Function;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import dev.cambrian.persistence.StreamName;
import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BooleanSupplier;

/** One population and its individuals on a journal in memory, for tests that play the workers themselves. */
final class Colony implements AutoCloseable {
  static final String NAME = "run";
  static final Duration LEASE = Duration.ofSeconds(60);

  final ActorTestKit kit = ActorTestKit.create("colony", PersistenceTestKitPlugin.config()
      .withFallback(PersistenceTestKitSnapshotPlugin.config())
      .withFallback(LocalConfig.inMemory()));
  final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  final SettableClock clock = new SettableClock();
  final List<String> failures = new CopyOnWriteArrayList<>();
  final List<Set<WeightsHash>> sweeps = new CopyOnWriteArrayList<>();
  /** What a sweep deletes, unless it is to keep it. */
  final Set<WeightsHash> stale = ConcurrentHashMap.newKeySet();
  /** A sweep that has begun ends when this is open. */
  CountDownLatch sweepsEnd = new CountDownLatch(0);
  final Map<Long, ActorRef<IndividualCommand>> individuals = new ConcurrentHashMap<>();
  /** What writes the head file; a test may put another one in its place before it starts the population. */
  HeadKeeper.Destination head = written -> {};
  StreamHead known = StreamHead.EMPTY;
  Until until = Until.stopped();
  int setPoint = 3;
  /** The workers that are on other nodes which are there. */
  final Metrics metrics = new Metrics();
  final Set<String> present = ConcurrentHashMap.newKeySet();
  String keep = "alive";
  private ActorRef<PopulationCommand> population;

  Colony() {
    stale.add(new WeightsHash(Experiments.hash(999)));
  }

  ActorRef<PopulationCommand> start() {
    ActorRef<HeadKeeper.Command> headKeeper = kit.spawn(HeadKeeper.create(written -> head.write(written)));
    population = kit.spawn(Population.create(new PopulationSetup(NAME, Experiments.settings(1, setPoint, keep), until,
        known, headKeeper, this::individual, new RecordingStore(), ForkJoinPool.commonPool(), clock, timing(),
        worker -> present.contains(worker), metrics, failures::add)));
    return population;
  }

  private static PopulationSetup.Timing timing() {
    return new PopulationSetup.Timing(LEASE, Duration.ofMillis(100), Duration.ofMillis(50), Duration.ofMillis(500),
        Duration.ofMillis(10), Duration.ofMinutes(2), 3, 5, Duration.ofHours(1));
  }

  /** Starts it and begins, or goes on with, the experiment. */
  String open() {
    start();
    return ask(PopulationCommand.Open::new, PopulationCommand.Opened.class).problem();
  }

  /** Ends the population's actor, as a crash would: what it only knew while it lived is gone. */
  void crash() {
    kit.stop(population);
  }

  RecipientRef<IndividualCommand> individual(long id) {
    return individuals.computeIfAbsent(id, any -> kit.spawn(Individual.create(id, clock)));
  }

  ActorRef<PopulationCommand> population() {
    return population;
  }

  <R> R ask(Function<ActorRef<R>, PopulationCommand> question, Class<R> answer) {
    TestProbe<R> probe = kit.createTestProbe(answer);
    try {
      population.tell(question.apply(probe.ref()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return probe.receiveMessage();
  }

  Biography tell(long id, Function<ActorRef<Biography>, IndividualCommand> command) {
    TestProbe<Biography> probe = kit.createTestProbe(Biography.class);
    try {
      individual(id).tell(command.apply(probe.ref()));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return probe.receiveMessage();
  }

  PullReply pull(String worker) {
    return ask(replyTo -> new PopulationCommand.Pull(worker, replyTo), PullReply.class);
  }

  /** Pulls until there is something to train. */
  PullReply.Assignment assigned(String worker) {
    PullReply reply = pull(worker);
    for (int i = 0; i < 200 && reply instanceof PullReply.NoWork; i++) {
      pause();
      reply = pull(worker);
    }
    return (PullReply.Assignment) reply;
  }

  /** Writes a result into the child's biography. */
  Biography train(PullReply.Assignment assignment, double fitness) {
    conceive(assignment);
    return tell(assignment.child(), replyTo -> new IndividualCommand.Finish(
        new IndividualEvent.Trained(clock.instant(), assignment.attempt(), fitness,
            Experiments.hash(assignment.child()), 10, List.of(), 5, "w"), replyTo));
  }

  Biography fail(PullReply.Assignment assignment) {
    conceive(assignment);
    return tell(assignment.child(), replyTo -> new IndividualCommand.Fail(
        new IndividualEvent.Failed(clock.instant(), assignment.attempt(), "DIVERGED", "the loss is NaN", 10, "w"),
        replyTo));
  }

  private void conceive(PullReply.Assignment assignment) {
    tell(assignment.child(), replyTo -> new IndividualCommand.Conceive(assignment.attempt(),
        new IndividualEvent.Conceived(clock.instant(), assignment.child(), assignment.parent(), 0, List.of(), "{}",
            false, 40), replyTo));
  }

  PullReply report(String worker, Biography child) {
    return ask(replyTo -> new PopulationCommand.Report(worker, child, false, replyTo), PullReply.class);
  }

  Status status() {
    return ask(PopulationCommand.GetStatus::new, Status.class);
  }

  PopulationState state() {
    PopulationState state = PopulationState.empty();
    for (Object link : journal.persistedInStorage(StreamName.spine(NAME))) {
      state = state.updated((Link) link);
    }
    return state;
  }

  List<PopulationEvent> spine() {
    return journal.persistedInStorage(StreamName.spine(NAME)).stream()
        .map(link -> EventCodec.decodePopulation(((Link) link).event()))
        .toList();
  }

  <E> long count(Class<E> event) {
    return spine().stream().filter(event::isInstance).count();
  }

  /** Trains and reports until {@code count} individuals live or died; the last answer. */
  PullReply evolve(int count) {
    PullReply next = pull("w");
    for (int i = 0; i < count && next instanceof PullReply.Assignment assignment; i++) {
      next = report("w", train(assignment, 0.1 + i / 100.0));
    }
    return next;
  }

  static void eventually(BooleanSupplier condition) {
    for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
      pause();
    }
    if (!condition.getAsBoolean()) {
      throw new AssertionError("not within ten seconds");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }

  /** Notes what it is to keep, and deletes what is stale. */
  private final class RecordingStore implements WeightStore {
    private final Set<WeightsHash> deleted = ConcurrentHashMap.newKeySet();

    @Override
    public void write(WeightsHash hash, byte[] bytes) {
      throw new UnsupportedOperationException("the population stores nothing");
    }

    @Override
    public byte[] read(WeightsHash hash) {
      throw new UnsupportedOperationException("the population reads nothing");
    }

    @Override
    public boolean contains(WeightsHash hash) {
      return !deleted.contains(hash);
    }

    @Override
    public Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) {
      sweeps.add(kept);
      try {
        sweepsEnd.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      Set<WeightsHash> gone = new HashSet<>(stale);
      gone.removeAll(kept);
      deleted.addAll(gone);
      return gone;
    }
  }
}
