package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.model.Network;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Weights;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One experiment, running in this process: a one-node Akka cluster that holds its population, its individuals and the
 * workers of this node's device slots. The caller holds the home's lock and has had its journal checked before.
 */
public final class EvolutionNode implements AutoCloseable {
  private static final Duration OPENING = Duration.ofSeconds(90);
  private static final Duration STOPPING = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  /** How long the end is awaited before it is awaited anew. */
  private static final Duration WAITING = Duration.ofDays(1);

  private final NodeSettings settings;
  private final Equipment equipment;
  private final LocalCluster cluster;
  private final Executor blocking;
  private final CompletableFuture<Status> finished = new CompletableFuture<>();
  private CompletableFuture<Void> stopped;

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
    return start(settings, equipment, ConfigFactory.empty());
  }

  /** As the other one, with keys that go before all others in Akka's configuration. */
  static EvolutionNode start(NodeSettings settings, Equipment equipment, Config overrides) throws CannotStart {
    LocalCluster cluster = LocalCluster.join(settings, equipment, overrides);
    EvolutionNode node = new EvolutionNode(settings, equipment, cluster);
    try {
      node.open();
      return node;
    } catch (CannotStart e) {
      node.close();
      throw e;
    }
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
    awaitEnd();
    cluster.work();
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

  /** The experiment as it is now. */
  public CompletionStage<Status> status() {
    return population(PopulationCommand.GetStatus::new, ANSWER);
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
      Weights weights = equipment.store().get(new WeightsHash(address));
      return equipment.engine().accuracy(network, weights, Normalization.of(equipment.data()), test);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps a test accuracy that was read elsewhere; the one kept before wins and is returned. */
  public CompletionStage<Double> recordTest(long id, double testAccuracy) {
    return population((ActorRef<PopulationCommand.TestKept> replyTo) ->
            new PopulationCommand.RecordTest(id, testAccuracy, replyTo), ANSWER)
        .thenApply(kept -> kept.testAccuracy().orElseThrow());
  }

  /** Deletes weights that nothing names any more and that are old enough; the addresses that were deleted. */
  public CompletionStage<Set<String>> collectGarbage() {
    return population(PopulationCommand.Collect::new, OPENING).thenApply(collected -> {
      if (!collected.problem().isEmpty()) {
        throw new CompletionException(new IOException(collected.problem()));
      }
      return new TreeSet<>(collected.weights());
    });
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

  /** Ends the trainings in flight, which are handed out again on the next start, and closes the journal. */
  public synchronized CompletionStage<Void> stop() {
    if (stopped == null) {
      List<CompletableFuture<Done>> workers = cluster.workers().stream()
          .map(worker -> ask(worker, WorkerCommand.Stop::new, STOPPING).toCompletableFuture())
          .toList();
      stopped = CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new))
          .handle((done, late) -> null)
          .thenCompose(ready -> cluster.leave())
          .toCompletableFuture();
    }
    return stopped.copy();
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
