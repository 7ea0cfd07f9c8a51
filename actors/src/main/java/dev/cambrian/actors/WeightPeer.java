package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.Member;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.PeerWeightStore;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.WeightsHash;
import dev.cambrian.training.WeightsMissing;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A node's answer to other nodes that ask for the weights in its folder, or want it to keep some. Every question is
 * small and can be repeated: a part of a file is named by address and place, so nobody remembers who reads what.
 *
 * <p>It lives under a fixed name on every node, and blocks on files. Copies are fetched elsewhere, for that waits on
 * other nodes, which must not wait on this one.
 */
final class WeightPeer extends AbstractBehavior<WeightPeer.Command> {
  private static final String NAME = "weights";
  private static final String FETCHING = "cambrian.weights-dispatcher";
  private static final String READING = "cambrian.blocking-dispatcher";

  /** Addresses in one message, which must stay below Akka's limit for a message. */
  static final int PAGE = 1000;

  /** What it is asked. */
  sealed interface Command extends CborMessage {}

  /** A part of a file. */
  record Read(String hash, long offset, int length, ActorRef<Part> replyTo) implements Command {}

  /** Keep a copy of what another node holds. */
  record Keep(String hash, ActorRef<Command> from, ActorRef<Kept> replyTo) implements Command {}

  /** The addresses after one, in order, that are older than an age; one page. */
  record ListOld(long ageMillis, String after, ActorRef<Old> replyTo) implements Command {}

  /** Delete these, where they are still older than an age. */
  record Delete(List<String> hashes, long ageMillis, ActorRef<Old> replyTo) implements Command {}

  /**
   * What was read.
   *
   * @param size of the whole file; -1 where it is not there
   * @param problem why it is not known whether it is there; empty where it is
   */
  record Part(long size, byte[] bytes, String problem) implements CborMessage {
    @Override
    public boolean equals(Object other) {
      return other instanceof Part part && size == part.size && Arrays.equals(bytes, part.bytes)
          && problem.equals(part.problem);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /** The copy is on disk, or why it is not. */
  record Kept(String problem) implements CborMessage {}

  /**
   * Addresses.
   *
   * @param more whether a page follows
   */
  record Old(List<String> hashes, boolean more, String problem) implements CborMessage {}

  private final FolderWeightStore own;
  private final ClusterPeers others;
  private final Executor fetching;

  private WeightPeer(ActorContext<Command> context, FolderWeightStore own, ClusterPeers others, Executor fetching) {
    super(context);
    this.own = own;
    this.others = others;
    this.fetching = fetching;
  }

  /** Lets a node's store reach those of the other nodes, and them reach it. */
  static void connect(ActorSystem<?> system, PeerWeightStore store) {
    ClusterPeers others = ClusterPeers.of(system);
    Executor fetching = system.dispatchers().lookup(DispatcherSelector.fromConfig(FETCHING));
    Behavior<Command> peer =
        Behaviors.setup(context -> new WeightPeer(context, store.own(), others, fetching));
    system.systemActorOf(
        Behaviors.supervise(peer).onFailure(SupervisorStrategy.restart()), NAME,
        DispatcherSelector.fromConfig(READING));
    store.connect(others);
  }

  /** That of another node; whether it is there only an answer tells. */
  static ActorRef<Command> of(ActorSystem<?> system, Member node) {
    return ActorRefResolver.get(system).resolveActorRef(node.address() + "/system/" + NAME);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Read.class, this::onRead)
        .onMessage(Keep.class, this::onKeep)
        .onMessage(ListOld.class, this::onListOld)
        .onMessage(Delete.class, this::onDelete)
        .build();
  }

  private Behavior<Command> onRead(Read read) {
    read.replyTo().tell(part(read));
    return this;
  }

  private Part part(Read read) {
    try {
      FolderWeightStore.Part part = own.part(new WeightsHash(read.hash()), read.offset(), read.length());
      return new Part(part.size(), part.bytes(), "");
    } catch (WeightsMissing e) {
      return new Part(-1, new byte[0], "");
    } catch (StoreUnreachable e) {
      return new Part(-1, new byte[0], e.getMessage());
    }
  }

  private Behavior<Command> onKeep(Keep keep) {
    fetching.execute(() -> keep.replyTo().tell(kept(keep)));
    return this;
  }

  private Kept kept(Keep keep) {
    WeightsHash hash = new WeightsHash(keep.hash());
    try {
      own.write(hash, others.fetch(hash, keep.from()));
      return new Kept("");
    } catch (IOException e) {
      return new Kept(e.getMessage());
    }
  }

  private Behavior<Command> onListOld(ListOld list) {
    list.replyTo().tell(old(list));
    return this;
  }

  private Old old(ListOld list) {
    try {
      List<String> rest = own.old(Duration.ofMillis(list.ageMillis())).stream()
          .map(WeightsHash::hex)
          .filter(hash -> hash.compareTo(list.after()) > 0)
          .sorted(Comparator.naturalOrder())
          .limit(PAGE + 1L)
          .toList();
      boolean more = rest.size() > PAGE;
      return new Old(more ? rest.subList(0, PAGE) : rest, more, "");
    } catch (StoreUnreachable e) {
      return new Old(List.of(), false, e.getMessage());
    }
  }

  private Behavior<Command> onDelete(Delete delete) {
    delete.replyTo().tell(deleted(delete));
    return this;
  }

  private Old deleted(Delete delete) {
    try {
      Set<WeightsHash> deleted = own.delete(
          delete.hashes().stream().map(WeightsHash::new).toList(), Duration.ofMillis(delete.ageMillis()));
      return new Old(deleted.stream().map(WeightsHash::hex).toList(), false, "");
    } catch (StoreUnreachable e) {
      return new Old(List.of(), false, e.getMessage());
    }
  }
}
