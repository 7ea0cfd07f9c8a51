package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Scheduler;
import akka.actor.typed.javadsl.AskPattern;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.WeightsHash;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * When weights are deleted, which ones, and who waits for it. Lives only as long as the population's actor.
 *
 * <p>What stays is the experiment's choice, {@link ExperimentSettings#keep}: all; those that evolution needs; or those
 * of all ancestors as well. Ancestors are looked up in their biographies, as rarely as there are many of them, and the
 * longer a sweep takes the longer is the rest after it, so that the cost of a step does not grow with its history.
 */
final class GarbageCollection {
  /** A sweep takes no more than a tenth of the time. */
  private static final int REST = 9;

  private final PopulationSetup setup;
  private final Scheduler scheduler;
  private final List<ActorRef<PopulationCommand.Collected>> waiting = new ArrayList<>();
  private boolean running;
  private CompletionStage<?> last = CompletableFuture.completedFuture(null);
  private int looking;
  private int deaths;
  private int dueAfter;
  private Instant begun = Instant.MIN;
  private Instant rested = Instant.MIN;

  GarbageCollection(PopulationSetup setup, Scheduler scheduler) {
    this.setup = setup;
    this.scheduler = scheduler;
    this.dueAfter = setup.timing().collectEvery();
  }

  /** After an event somebody's weights may not be named any more. */
  void happened(PopulationEvent event) {
    boolean died = event instanceof PopulationEvent.TournamentHeld held && held.killed().isPresent()
        || event instanceof PopulationEvent.ChildFailed;
    deaths += died ? 1 : 0;
  }

  /** Somebody waits for the next one, which is due now. */
  void ask(ActorRef<PopulationCommand.Collected> replyTo) {
    waiting.add(replyTo);
    deaths = Math.max(deaths, dueAfter);
  }

  /** Whether enough died and enough time went by since the last one, none is running, and nobody looks for weights. */
  boolean due(Instant now) {
    return !running && looking == 0 && deaths >= dueAfter && (!now.isBefore(rested) || !waiting.isEmpty());
  }

  /**
   * Begins one.
   *
   * @param stored what workers stored and nothing may name yet
   */
  CompletionStage<PopulationCommand.Swept> begin(PopulationState population, Set<String> stored, Instant now) {
    running = true;
    begun = now;
    deaths = 0;
    String keep = population.settings().map(ExperimentSettings::keep).orElse("alive");
    if (keep.equals("all")) {
      return CompletableFuture.completedFuture(new PopulationCommand.Swept(List.of(), 0, ""));
    }
    Set<String> named = population.namedWeights();
    named.addAll(stored);
    Sweep.Kept kept = () ->
        keep.equals("lineage") ? Optional.of(Ancestry.of(population, this::life)) : Optional.empty();
    CompletableFuture<PopulationCommand.Swept> swept = CompletableFuture.supplyAsync(
        () -> Sweep.of(setup.store(), named, kept, setup.timing().weightsAge()), setup.blocking());
    last = swept;
    return swept;
  }

  /**
   * Looks for weights of which somebody saw that the store has them: after a sweep that is running, and none begins
   * until {@link #lookedFor}. So what is there stays, if the next event names it.
   */
  CompletionStage<PopulationCommand.LookedFor> look(PopulationCommand.Steer steer, Control.Pin pin) {
    looking++;
    return last.handleAsync((swept, failure) -> missing(pin.weights()), setup.blocking())
        .exceptionally(unknown -> pin.weights().size())
        .thenApply(missing -> new PopulationCommand.LookedFor(steer, missing));
  }

  private int missing(List<String> weights) {
    int missing = 0;
    for (String one : weights) {
      try {
        missing += setup.store().contains(new WeightsHash(one)) ? 0 : 1;
      } catch (StoreUnreachable e) {
        throw new UncheckedIOException(e);
      }
    }
    return missing;
  }

  /** What was found is decided on now. */
  void lookedFor() {
    looking--;
  }

  /** Blocks until the biography answers. */
  private Ancestry.Life life(long individual) throws Exception {
    return Ancestry.Life.of(AskPattern.ask(setup.individuals().apply(individual), IndividualCommand.Get::new,
        setup.timing().retry(), scheduler).toCompletableFuture().get());
  }

  /** It ended; those who waited for it. */
  List<ActorRef<PopulationCommand.Collected>> ended(PopulationCommand.Swept swept, Instant now) {
    running = false;
    rested = now.plus(Duration.between(begun, now).multipliedBy(REST));
    dueAfter = Math.max(setup.timing().collectEvery(), swept.asked());
    List<ActorRef<PopulationCommand.Collected>> told = List.copyOf(waiting);
    waiting.clear();
    return told;
  }
}
