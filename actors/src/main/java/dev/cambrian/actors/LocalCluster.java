package dev.cambrian.actors;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.external.ExternalShardAllocation;
import akka.cluster.sharding.external.ExternalShardAllocationStrategy;
import akka.cluster.sharding.external.javadsl.ExternalShardAllocationClient;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.ShardingMessageExtractor;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.util.Timeout;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.persistence.AcknowledgedHead;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;

/**
 * The cluster of one node that an experiment runs on: where population, individuals and workers live, and how they are
 * found. A worker is named after node, device and slot, and stays on the node that owns the device: its shard is
 * allocated by name, not balanced.
 */
final class LocalCluster {
  private static final String SYSTEM = "cambrian";
  private static final String SLOT = "local/cpu/";
  private static final String BLOCKING = "cambrian.blocking-dispatcher";

  private final ActorSystem<Void> system;
  private final ClusterSharding sharding;
  private final NodeSettings settings;
  private final AcknowledgedHead acknowledged;
  private final CompletableFuture<String> failure = new CompletableFuture<>();

  private LocalCluster(ActorSystem<Void> system, NodeSettings settings, AcknowledgedHead acknowledged) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.settings = settings;
    this.acknowledged = acknowledged;
  }

  /**
   * Starts the node over the home's journal.
   *
   * @param overrides keys that go before all others
   */
  static LocalCluster join(NodeSettings settings, Equipment equipment, Config overrides) throws CannotStart {
    Journal journal = Journal.of(new ExperimentHome(settings.home()));
    AcknowledgedHead acknowledged;
    try {
      acknowledged = journal.acknowledged();
    } catch (IOException e) {
      throw new CannotStart("experiment " + settings.experiment() + " cannot be opened: " + e.getMessage(), e);
    }
    Config config = overrides.withFallback(journal.akkaConfig()).withFallback(configuration()).resolve();
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), SYSTEM, config);
    LocalCluster cluster = new LocalCluster(system, settings, acknowledged);
    Cluster node = Cluster.get(system);
    node.manager().tell(Join.create(node.selfMember().address()));
    cluster.settle(equipment);
    return cluster;
  }

  /** The configuration without a home: this room's, persistence's, and the libraries' own. */
  static Config configuration() {
    return ConfigFactory.defaultOverrides()
        .withFallback(ConfigFactory.parseResources("actors.conf"))
        .withFallback(ConfigFactory.parseResources("persistence.conf"))
        .withFallback(ConfigFactory.defaultReference());
  }

  private void settle(Equipment equipment) {
    ActorRef<HeadKeeper.Command> headKeeper = system.systemActorOf(
        HeadKeeper.create(acknowledged::record), "head-keeper", DispatcherSelector.fromConfig(BLOCKING));
    PopulationSetup.Timing timing = PopulationSetup.Timing.of(system.settings().config());
    PopulationSetup setup = new PopulationSetup(settings.experiment(), settings.settings(), settings.until(),
        acknowledged.head(), headKeeper, this::individual, equipment.store(), blocking(),
        equipment.clock(), timing, failure::complete);
    ClusterShardingSettings stays = ClusterShardingSettings.create(system).withNoPassivationStrategy();
    sharding.init(Entity.of(Population.KEY, context -> Population.create(setup)).withSettings(stays));
    sharding.init(Entity.of(Individual.KEY,
        context -> Individual.create(Long.parseLong(context.getEntityId()), equipment.clock())));
    Worker.Setup slot =
        new Worker.Setup(population(), this::individual, settings.settings(), equipment, timing);
    sharding.init(Entity.of(Worker.KEY, context -> Worker.create(context.getEntityId(), slot))
        .withMessageExtractor(new ByName())
        .withAllocationStrategy(new ExternalShardAllocationStrategy(
            Adapter.toClassic(system), Worker.KEY.name(), Timeout.create(timing.retry())))
        .withSettings(stays));
  }

  /** Pins this node's workers to it and sets them to work. */
  void work() {
    Address here = Cluster.get(system).selfMember().address();
    ExternalShardAllocationClient allocation = ExternalShardAllocation.get(system).getClient(Worker.KEY.name());
    for (String worker : names()) {
      allocation.setShardLocation(worker, here)
          .thenRun(() -> sharding.entityRefFor(Worker.KEY, worker).tell(new WorkerCommand.Work()));
    }
  }

  private List<String> names() {
    return IntStream.range(0, settings.workers()).mapToObj(slot -> SLOT + slot).toList();
  }

  ActorSystem<Void> system() {
    return system;
  }

  RecipientRef<PopulationCommand> population() {
    return sharding.entityRefFor(Population.KEY, settings.experiment());
  }

  RecipientRef<IndividualCommand> individual(long id) {
    return sharding.entityRefFor(Individual.KEY, Long.toString(id));
  }

  List<RecipientRef<WorkerCommand>> workers() {
    return names().stream()
        .<RecipientRef<WorkerCommand>>map(name -> sharding.entityRefFor(Worker.KEY, name))
        .toList();
  }

  /** Where futures may block. */
  Executor blocking() {
    return system.dispatchers().lookup(DispatcherSelector.fromConfig(BLOCKING));
  }

  /** Completes with one sentence where the population cannot go on. */
  CompletableFuture<String> failure() {
    return failure;
  }

  /** Ends the node; completes when the journal is closed. */
  CompletionStage<Void> leave() {
    system.terminate();
    return system.getWhenTerminated().thenAccept(done -> {
      try {
        acknowledged.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** A worker's shard is its name, so that it can be allocated by it. */
  private static final class ByName extends ShardingMessageExtractor<ShardingEnvelope<WorkerCommand>, WorkerCommand> {
    @Override
    public String entityId(ShardingEnvelope<WorkerCommand> envelope) {
      return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
      return entityId;
    }

    @Override
    public WorkerCommand unwrapMessage(ShardingEnvelope<WorkerCommand> envelope) {
      return envelope.message();
    }
  }
}
