package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.model.Network;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.PatientWeights;
import dev.cambrian.training.Weights;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One experiment on this node: of a cluster, which may have this one node, it holds what its roles say: the population
 * and individuals, or the workers of its device slots. Where it may hold the population, the caller holds the home's
 * lock and has had its journal checked before.
 */
public final class EvolutionNode implements AutoCloseable {
  private static final Duration OPENING = Duration.ofSeconds(90);
  private static final Duration STOPPING = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration SOON = Duration.ofSeconds(2);
  /** How long the end is awaited before it is awaited anew. */
  private static final Duration WAITING = Duration.ofDays(1);

  private final NodeSettings settings;
  private final Equipment equipment;
  private final LocalCluster cluster;
  private final Executor blocking;
  private final CompletableFuture<Status> finished = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private CompletableFuture<Void> stopped;
  private volatile Status lastStatus;

  private EvolutionNode(NodeSettings settings, Equipment equipment, LocalCluster cluster) {
    this.settings = settings;
    this.equipment = equipment;
    this.cluster = cluster;
    this.blocking = cluster.blocking();
  }

  /**
   * Opens or begins the experiment and sets its workers to work; returns once the population has recovered.
   *
   * @throws CannotStart where the journal cannot be read to its end or holds another experiment; nothing goes on
   *     running
   */
  public static EvolutionNode start(NodeSettings settings, Equipment equipment) throws CannotStart {
    return start(settings, equipment, note -> {});
  }

  /**
   * As the other one, where other nodes may have to be waited for.
   *
   * @param notes is told now and then what it waits for, as the beginning of a sentence; what it throws ends the wait
   * @throws CutOff where the cluster gave it up meanwhile
   */
  public static EvolutionNode start(NodeSettings settings, Equipment equipment, Consumer<String> notes)
      throws CannotStart {
    return start(settings, equipment, ConfigFactory.empty(), notes);
  }

  /** As the other one, with keys that go before all others in Akka's configuration. */
  static EvolutionNode start(NodeSettings settings, Equipment equipment, Config overrides) throws CannotStart {
    return start(settings, equipment, overrides, note -> {});
  }

  private static EvolutionNode start(
      NodeSettings settings, Equipment equipment, Config overrides, Consumer<String> notes) throws CannotStart {
    LocalCluster cluster = LocalCluster.join(settings, overrides);
    EvolutionNode node = new EvolutionNode(settings, equipment, cluster);
    try {
      node.enter(notes);
      return node;
    } catch (CannotStart | RuntimeException e) {
      node.close();
      throw e;
    }
  }

  private void enter(Consumer<String> notes) throws CannotStart {
    cluster.cutOff().thenAccept(sentence -> ended.completeExceptionally(new CutOff(sentence)));
    cluster.failure().thenAccept(sentence -> ended.completeExceptionally(new CannotStart(sentence)));
    try {
      cluster.enter(equipment, notes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("joining the cluster was interrupted", e);
    }
    cluster.settle(equipment, this::depart);
    if (settings.cluster().has(NodeRole.POPULATION)) {
      open();
      awaitEnd();
    }
    cluster.work();
  }

  private void open() throws CannotStart {
    CompletableFuture<PopulationCommand.Opened> opened =
        population(PopulationCommand.Open::new, OPENING).toCompletableFuture();
    CompletableFuture<String> failure = cluster.failure();
    try {
      CompletableFuture.anyOf(opened, failure).get(OPENING.toSeconds(), TimeUnit.SECONDS);
      String problem = failure.isDone() ? failure.join() : opened.join().problem();
      if (!problem.isEmpty()) {
        throw new CannotStart(problem);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CannotStart("opening experiment " + settings.experiment() + " was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new CannotStart("experiment " + settings.experiment() + " in " + settings.home()
          + " could not be opened within " + OPENING.toSeconds() + " s; see its log", e);
    }
    failure.thenAccept(sentence -> finished.completeExceptionally(new CannotStart(sentence)));
  }

  private void awaitEnd() {
    population(PopulationCommand.AwaitEnd::new, WAITING).whenComplete((status, late) -> {
      if (status != null) {
        finished.complete(status);
      } else if (late instanceof TimeoutException) {
        awaitEnd();
      }
    });
  }

  /** What this node counts and times. */
  public Metrics metrics() {
    return cluster.metrics();
  }

  /** The experiment as it is now; as it was, and paused, while its journal takes no events. */
  public CompletionStage<Status> status() {
    Status before = lastStatus;
    if (before != null && outage().isPresent()) {
      return CompletableFuture.completedFuture(before.paused());
    }
    return population(PopulationCommand.GetStatus::new, ANSWER).thenApply(status -> lastStatus = status);
  }

  /** Why the journal takes no events now, a clause; empty where it does. */
  public Optional<String> outage() {
    return cluster.outage();
  }

  /** The digest of the population's state at an event that is on disk. */
  public CompletionStage<StateDigest> digest() {
    return population(PopulationCommand.GetDigest::new, ANSWER);
  }

  /** Completes with the last status when the end was reached; fails with one sentence where the node cannot go on. */
  public CompletionStage<Status> finished() {
    return finished.copy();
  }

  /** What is known of one individual; an individual that never was has an empty biography. */
  public CompletionStage<Biography> individual(long id) {
    return ask(cluster.individual(id), IndividualCommand.Get::new, ANSWER);
  }

  /** The test accuracy of an individual, where it was ever read. */
  public CompletionStage<OptionalDouble> testAccuracy(long id) {
    return population(
            (ActorRef<PopulationCommand.TestKept> replyTo) -> new PopulationCommand.GetTest(id, replyTo), ANSWER)
        .thenApply(PopulationCommand.TestKept::testAccuracy);
  }

  /**
   * The test accuracy of the population's best: the kept one where it was ever read, otherwise read now and kept. Fails
   * with an {@link IOException} where its weights are gone.
   *
   * @param best its weights may be some that it had before a reset
   * @param test is asked for the test set only where it must be read, on a thread that may block
   */
  public CompletionStage<Double> readTest(Status.Best best, Supplier<Images> test) {
    return testAccuracy(best.id()).thenCompose(kept -> kept.isPresent()
        ? CompletableFuture.completedFuture(kept.getAsDouble())
        : individual(best.id())
            .thenApplyAsync(biography -> accuracy(biography, best.weights(), test.get()), blocking)
            .thenCompose(accuracy -> recordTest(best.id(), accuracy)));
  }

  private double accuracy(Biography biography, String address, Images test) {
    Network network =
        new Conception<>(equipment.space(), settings.settings()).express(biography.conceived().orElseThrow());
    try {
      Weights weights = new PatientWeights(equipment.store(), "the reading of the test set")
          .get(new WeightsHash(address));
      return equipment.engine().scores(network, weights, Normalization.of(equipment.data()), test).accuracy(test);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /** Keeps a test accuracy that was read elsewhere; the one kept before wins and is returned. */
  public CompletionStage<Double> recordTest(long id, double testAccuracy) {
    return population((ActorRef<PopulationCommand.TestKept> replyTo) ->
            new PopulationCommand.RecordTest(id, testAccuracy, replyTo), ANSWER)
        .thenApply(kept -> kept.testAccuracy().orElseThrow());
  }

  /**
   * Steers the experiment; completes when what came of it is on disk.
   *
   * @param command the client's id of the request, under which a repeated one is answered as the first; empty for none
   */
  public CompletionStage<ControlAnswer> control(String command, Control control) {
    return population((ActorRef<ControlAnswer> replyTo) ->
        new PopulationCommand.Steer(command, control, replyTo), ANSWER);
  }

  /** Assigns nothing new; trainings in flight go on. For a disk that is nearly full. */
  public CompletionStage<Void> pause() {
    return population(PopulationCommand.Pause::new, ANSWER).thenApply(done -> null);
  }

  /** Assigns again after {@link #pause}. */
  public CompletionStage<Void> unpause() {
    return population(PopulationCommand.Unpause::new, ANSWER).thenApply(done -> null);
  }

  /** Whether this is the node that has hosted the population for the longest time. */
  public boolean hostsPopulation() {
    return Nodes.isFirstHost(cluster.system());
  }

  /** The members of the cluster, by name. */
  public CompletionStage<List<NodeReport>> nodes() {
    return population(PopulationCommand.GetStatus::new, SOON)
        .handle((status, late) -> status == null ? List.<Status.Training>of() : status.trainings())
        .thenCompose(trainings -> Nodes.reports(cluster.system(), trainings));
  }

  /**
   * Tells a node to leave and end; completes with whether there is one of that name.
   *
   * @param drain whether it finishes first what it trains; otherwise others are given that at once
   */
  public CompletionStage<Boolean> sendAway(String node, boolean drain) {
    return Nodes.depart(cluster.system(), node, drain);
  }

  /** Completes when this node has been told to leave and has left; fails with one sentence where it was cut off. */
  public CompletionStage<Void> ended() {
    return ended.copy();
  }

  private void depart(boolean drain) {
    cluster.rest();
    CompletableFuture<Void> ready =
        drain ? workers(WorkerCommand.Rest::new, WAITING) : CompletableFuture.completedFuture(null);
    ready.thenCompose(done -> stop()).whenComplete((done, failure) -> ended.complete(null));
  }

  /** Ends the trainings in flight, which are handed out again, leaves the cluster, and closes the journal. */
  public synchronized CompletionStage<Void> stop() {
    if (stopped == null) {
      cluster.rest();
      stopped = (cluster.cutOff().isDone()
          ? CompletableFuture.<Void>completedFuture(null) : workers(WorkerCommand.Stop::new, STOPPING))
          .thenCompose(ready -> cluster.leave())
          .toCompletableFuture();
    }
    return stopped.copy();
  }

  /** Completes when all workers have answered, or one did not within that time. */
  private CompletableFuture<Void> workers(Function<ActorRef<Done>, WorkerCommand> command, Duration patience) {
    return CompletableFuture.allOf(cluster.workers().stream()
            .map(worker -> ask(worker, command, patience).toCompletableFuture())
            .toArray(CompletableFuture[]::new))
        .handle((done, late) -> null);
  }

  /** As {@link #stop}, and waits for it. */
  @Override
  public void close() {
    stop().toCompletableFuture().join();
  }

  private <R> CompletionStage<R> population(Function<ActorRef<R>, PopulationCommand> question, Duration timeout) {
    return ask(cluster.population(), question, timeout);
  }

  private <C, R> CompletionStage<R> ask(
      RecipientRef<C> whom, Function<ActorRef<R>, C> question, Duration timeout) {
    return AskPattern.ask(whom, question, timeout, cluster.system().scheduler());
  }
}
