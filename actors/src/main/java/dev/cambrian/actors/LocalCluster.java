package dev.cambrian.actors;

import akka.Done;
import akka.actor.Cancellable;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.sharding.external.ExternalShardAllocation;
import akka.cluster.sharding.external.ExternalShardAllocationStrategy;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.ShardingMessageExtractor;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import akka.management.javadsl.AkkaManagement;
import akka.util.Timeout;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.persistence.AcknowledgedHead;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node in its cluster, which may be a cluster of one: where population, individuals and workers live, and how they
 * are found. The population and the individuals live on nodes of that role. A worker is named after node, device and
 * slot, and stays on the node that owns the device: its shard is allocated by name, not balanced.
 */
final class LocalCluster implements Membership.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(LocalCluster.class);
  private static final String BLOCKING = "cambrian.blocking-dispatcher";

  private final ActorSystem<Void> system;
  private final ClusterSharding sharding;
  private final NodeSettings settings;
  private final Optional<AcknowledgedHead> acknowledged;
  private final Optional<KnownMembers> known;
  private final Metrics metrics = new Metrics();
  private final JournalWatch journalWatch;
  private final CompletableFuture<String> failure = new CompletableFuture<>();
  private final CompletableFuture<String> cutOff = new CompletableFuture<>();
  private volatile boolean settled;
  private volatile boolean resting;
  /** This node's, once it takes part. */
  private volatile List<DeviceSlot> slots = List.of();
  private volatile Optional<Cancellable> telling = Optional.empty();

  private LocalCluster(ActorSystem<Void> system, NodeSettings settings, Optional<AcknowledgedHead> acknowledged) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.settings = settings;
    this.acknowledged = acknowledged;
    this.known = settings.cluster().folder().map(KnownMembers::new);
    this.journalWatch = JournalWatch.over(system);
  }

  /**
   * Starts the node, over the home's journal where it hosts the population, and begins to join.
   *
   * @param overrides keys that go before all others
   */
  static LocalCluster join(NodeSettings settings, Config overrides) throws CannotStart {
    ClusterSettings here = settings.cluster();
    Optional<AcknowledgedHead> acknowledged = Optional.empty();
    Config journaled = ConfigFactory.empty();
    try {
      if (here.has(NodeRole.POPULATION)) {
        Journal journal = Journal.of(new ExperimentHome(settings.home()));
        acknowledged = Optional.of(journal.acknowledged());
        journaled = journal.akkaConfig();
      }
    } catch (IOException e) {
      throw new CannotStart("experiment " + settings.experiment() + " cannot be opened: " + e.getMessage(), e);
    }
    Config config = overrides
        .withFallback(here.akkaConfig())
        .withFallback(journaled)
        .withFallback(configuration())
        .resolve();
    LocalCluster cluster = new LocalCluster(system(here, config), settings, acknowledged);
    cluster.begin();
    return cluster;
  }

  private static ActorSystem<Void> system(ClusterSettings here, Config config) throws CannotStart {
    try {
      return ActorSystem.create(Behaviors.empty(), ClusterSettings.SYSTEM, config);
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException) {
          throw new CannotStart("cambrian.cluster.hostname and cambrian.cluster.port: " + here.hostname() + ":"
              + here.port() + " cannot be listened on (" + cause.getMessage() + "); choose another", e);
        }
      }
      throw e;
    }
  }

  /** The configuration without a home: this room's, persistence's, and the libraries' own. */
  static Config configuration() {
    return ConfigFactory.defaultOverrides()
        .withFallback(ConfigFactory.parseResources("actors.conf"))
        .withFallback(ConfigFactory.parseResources("version.conf"))
        .withFallback(ConfigFactory.parseResources("persistence.conf"))
        .withFallback(ConfigFactory.defaultReference());
  }

  private void begin() {
    system.systemActorOf(Membership.create(settings.cluster().node(), this), "membership",
        DispatcherSelector.fromConfig(BLOCKING));
    settings.cluster().management().ifPresent(here -> AkkaManagement.get(system).start());
  }

  /**
   * Waits until this node may take part.
   *
   * @throws CannotStart where it may not
   */
  void enter(Equipment equipment, Consumer<String> notes) throws CannotStart, InterruptedException {
    Entrance entrance = new Entrance(system, () -> description(equipment), cutOff, notes);
    if (settings.cluster().management().filter(ClusterSettings.Management::bootstrap).isPresent()) {
      ClusterBootstrap.get(system).start();
    } else if (known.isPresent()) {
      entrance.join(settings.cluster(), known.get());
    } else {
      Cluster.get(system).manager().tell(Join.create(Cluster.get(system).selfMember().address()));
    }
    entrance.pass();
  }

  private NodeDescription description(Equipment equipment) {
    return new NodeDescription(settings.cluster().node(), system.settings().config().getString("cambrian.version"),
        settings.experiment(), settings.settings(), settings.cluster().roles(), sharedJournal(), equipment.clock().instant());
  }

  private boolean sharedJournal() {
    return !system.settings().config().getString("akka.persistence.journal.plugin").endsWith("leveldb");
  }

  /**
   * Takes part: from now on it may host the population and individuals, and other nodes can speak to it.
   *
   * @param departure is told by another node that this one is to go, and whether it finishes first what it trains
   */
  void settle(Equipment equipment, Consumer<Boolean> departure) {
    equipment.store().peered().ifPresent(store -> WeightPeer.connect(system, store));
    PopulationSetup.Timing timing = PopulationSetup.Timing.of(system.settings().config());
    ClusterShardingSettings roles = ClusterShardingSettings.create(system);
    ClusterShardingSettings hosts = roles.withRole(NodeRole.POPULATION.word());
    Optional<ActorRef<HeadKeeper.Command>> headKeeper = acknowledged.map(head -> system.systemActorOf(
        HeadKeeper.create(head::record), "head-keeper", DispatcherSelector.fromConfig(BLOCKING)));
    sharding.init(Entity.of(Population.KEY,
            context -> Population.create(setup(equipment, timing, headKeeper.orElseThrow())))
        .withSettings(hosts.withNoPassivationStrategy()));
    sharding.init(Entity.of(Individual.KEY,
            context -> Individual.create(Long.parseLong(context.getEntityId()), equipment.clock()))
        .withSettings(hosts));
    if (settings.cluster().has(NodeRole.WORKER)) {
      List<DeviceSlot> mine =
          DeviceSlot.spread(settings.cluster().node(), equipment.engine().devices(), settings.workers());
      Worker.Setup setup =
          new Worker.Setup(population(), this::individual, settings.settings(), equipment, timing);
      Map<String, DevicePool> pools = pools(mine);
      sharding.init(Entity.of(Worker.KEY,
              context -> Worker.create(context.getEntityId(), pools.get(context.getEntityId()), setup))
          .withMessageExtractor(new ByName())
          .withAllocationStrategy(new ExternalShardAllocationStrategy(
              Adapter.toClassic(system), Worker.KEY.name(), Timeout.create(timing.retry())))
          .withSettings(roles.withRole(NodeRole.WORKER.word()).withNoPassivationStrategy()));
      slots = mine;
    }
    ActorRef<NodeCommand> node = system.systemActorOf(
        NodeActor.create(() -> description(equipment), this::report, departure), "node", Props.empty());
    system.receptionist().tell(Receptionist.register(NodeActor.NODES, node));
    if (settings.cluster().has(NodeRole.POPULATION)) {
      system.receptionist().tell(Receptionist.register(NodeActor.HOSTS, node));
    }
    settled = true;
  }

  private PopulationSetup setup(
      Equipment equipment, PopulationSetup.Timing timing, ActorRef<HeadKeeper.Command> headKeeper) {
    return new PopulationSetup(settings.experiment(), settings.settings(), settings.until(),
        acknowledged.orElseThrow().head(), headKeeper, this::individual, equipment.store(), blocking(),
        equipment.clock(), timing, this::onAnotherNode, metrics, failure::complete);
  }

  /** Whether a worker belongs to another node that is a member now. */
  private boolean onAnotherNode(String worker) {
    return !worker.startsWith(settings.cluster().node() + "/") && Nodes.members(system).stream()
        .anyMatch(member -> worker.startsWith(Membership.name(member) + "/"));
  }

  private NodeReport.Node report() {
    List<NodeReport.Device> devices = new ArrayList<>();
    byDevice(slots).forEach((device, held) -> devices.add(new NodeReport.Device(device, held.size())));
    return new NodeReport.Node(settings.cluster().node(), devices, resting);
  }

  private static Map<String, List<DeviceSlot>> byDevice(List<DeviceSlot> slots) {
    return slots.stream().collect(Collectors.groupingBy(DeviceSlot::device, LinkedHashMap::new, Collectors.toList()));
  }

  /** The pool of each worker. */
  private static Map<String, DevicePool> pools(List<DeviceSlot> slots) {
    Map<String, DevicePool> pools = new HashMap<>();
    byDevice(slots).forEach((device, held) -> {
      DevicePool pool = new DevicePool(device, held.size());
      held.forEach(slot -> pools.put(slot.name(), pool));
    });
    return pools;
  }

  /** Pins this node's workers to it and keeps them at work. */
  void work() {
    Duration retry = PopulationSetup.Timing.of(system.settings().config()).retry();
    names().forEach(worker -> pin(worker).thenRun(() -> tellToWork(worker, retry)));
    telling = Optional.of(system.scheduler().scheduleWithFixedDelay(
        retry, retry, () -> names().forEach(worker -> tellToWork(worker, retry)), system.executionContext()));
  }

  private CompletionStage<Done> pin(String worker) {
    return ExternalShardAllocation.get(system).getClient(Worker.KEY.name())
        .setShardLocation(worker, Cluster.get(system).selfMember().address());
  }

  /** Told again and again: another node may have known of an older place when it allocated the worker. */
  private void tellToWork(String worker, Duration retry) {
    if (!resting) {
      AskPattern.ask(sharding.entityRefFor(Worker.KEY, worker), WorkerCommand.Work::new, retry, system.scheduler())
          .exceptionallyCompose(late -> pin(worker));
    }
  }

  /** From now on nobody is told to work. */
  void rest() {
    resting = true;
    telling.ifPresent(Cancellable::cancel);
  }

  private List<String> names() {
    return slots.stream().map(DeviceSlot::name).toList();
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

  /** This node's; none before it takes part. */
  List<RecipientRef<WorkerCommand>> workers() {
    return names().stream()
        .<RecipientRef<WorkerCommand>>map(name -> sharding.entityRefFor(Worker.KEY, name))
        .toList();
  }

  /** Where futures may block. */
  Executor blocking() {
    return system.dispatchers().lookup(DispatcherSelector.fromConfig(BLOCKING));
  }

  /** What this node counts and times. */
  Metrics metrics() {
    return metrics;
  }

  /** Why the journal takes no events now; empty where it does. */
  Optional<String> outage() {
    return journalWatch.outage();
  }

  /** Completes with one sentence where the population cannot go on. */
  CompletableFuture<String> failure() {
    return failure;
  }

  /** Completes with one sentence where the cluster has given this node up, or it the cluster. */
  CompletableFuture<String> cutOff() {
    return cutOff;
  }

  @Override
  public void others(SortedSet<String> addresses) {
    known.ifPresent(file -> file.write(addresses));
  }

  @Override
  public void gone(String node) {
    if (settled && settings.cluster().has(NodeRole.POPULATION)) {
      population().tell(new PopulationCommand.NodeGone(node));
    }
  }

  @Override
  public void cutOff(String sentence) {
    LOG.error(sentence);
    cutOff.complete(sentence);
  }

  /** Ends the node, after it has left the others if there are any; completes when the journal is closed. */
  CompletionStage<Void> leave() {
    boolean others = Nodes.members(system).size() > 1 && !cutOff.isDone();
    if (others) {
      CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.clusterLeavingReason());
    } else {
      system.terminate();
    }
    return system.getWhenTerminated().thenAccept(done -> {
      if (!cutOff.isDone()) {
        known.ifPresent(KnownMembers::leave);
      }
      acknowledged.ifPresent(LocalCluster::close);
    });
  }

  private static void close(AcknowledgedHead head) {
    try {
      head.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
