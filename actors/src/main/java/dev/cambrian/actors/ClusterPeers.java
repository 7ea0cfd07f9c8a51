package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import akka.japi.function.Function;
import dev.cambrian.training.Peers;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.WeightsHash;
import dev.cambrian.training.WeightsMissing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes of the cluster, asked by message; blocks until they answer. Whom to ask is told by the cluster's
 * membership and nothing else: who is a member and does not answer may have what is looked for.
 *
 * <p>So may a node that was a member a moment ago and comes back, and before this one was a member it knew of nobody.
 * Nothing is called missing within {@code cambrian.actors.weights-settle} of either.
 */
final class ClusterPeers implements Peers {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterPeers.class);

  /** Bytes of one message, and how many are asked for before the first is answered: others wait behind no more. */
  private static final int CHUNK = 64 << 10;
  private static final int WINDOW = 4;

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final Duration answer;
  private final Duration settle;
  private volatile long unsettled = System.nanoTime();

  private ClusterPeers(ActorSystem<?> system) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.answer = system.settings().config().getDuration("cambrian.actors.retry");
    this.settle = system.settings().config().getDuration("cambrian.actors.weights-settle");
  }

  /** Those of a node's cluster, which it may not have joined yet. */
  static ClusterPeers of(ActorSystem<?> system) {
    ClusterPeers peers = new ClusterPeers(system);
    peers.cluster.subscriptions().tell(Subscribe.create(
        system.systemActorOf(Behaviors.<ClusterEvent.MemberRemoved>receiveMessage(removed -> {
          peers.unsettled = System.nanoTime();
          return Behaviors.same();
        }), "weights-leavers", Props.empty()),
        ClusterEvent.MemberRemoved.class));
    return peers;
  }

  /** All other members, those that host populations first, then in the order of their addresses. */
  private List<Member> others() {
    return Nodes.members(system).stream()
        .filter(member -> !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress()))
        .sorted(Comparator.comparing((Member member) -> !member.hasRole(NodeRole.POPULATION.word()))
            .thenComparing(member -> member.address().toString()))
        .toList();
  }

  private ActorRef<WeightPeer.Command> peer(Member member) {
    return WeightPeer.of(system, member);
  }

  @Override
  public void copy(WeightsHash hash) throws StoreUnreachable {
    List<String> problems = new ArrayList<>();
    for (Member member : others()) {
      try {
        WeightPeer.Kept kept = ask(member.address().toString(), peer(member),
            replyTo -> new WeightPeer.Keep(hash.hex(), peer(cluster.selfMember()), replyTo));
        if (kept.problem().isEmpty()) {
          return;
        }
        problems.add(member.address() + ": " + kept.problem());
      } catch (StoreUnreachable e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new StoreUnreachable("no other node keeps a copy of the weights " + hash + ": "
          + String.join("; ", problems));
    }
  }

  @Override
  public byte[] fetch(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
    List<Member> asked = others();
    List<String> silent = new ArrayList<>();
    for (Member member : asked) {
      try {
        return fetch(hash, peer(member));
      } catch (WeightsMissing e) {
        LOG.debug("{} has not got the weights {}", member.address(), hash);
      } catch (StoreUnreachable e) {
        silent.add(e.getMessage());
      }
    }
    requireAllAnswered(hash, silent);
    throw new WeightsMissing("the weights " + hash + " are missing on this node and on the " + asked.size()
        + " others of its cluster");
  }

  private void requireAllAnswered(WeightsHash hash, List<String> silent) throws StoreUnreachable {
    if (!silent.isEmpty()) {
      throw new StoreUnreachable("no node that answers has the weights " + hash + ", but not all do: "
          + String.join("; ", silent));
    }
    if (System.nanoTime() - unsettled < settle.toNanos()) {
      throw new StoreUnreachable("no node has the weights " + hash + ", but one that has them may be about to join");
    }
  }

  @Override
  public boolean hold(WeightsHash hash) throws StoreUnreachable {
    List<String> silent = new ArrayList<>();
    for (Member member : others()) {
      try {
        if (part(hash, peer(member), 0, 1).size() >= 0) {
          return true;
        }
      } catch (StoreUnreachable e) {
        silent.add(e.getMessage());
      }
    }
    requireAllAnswered(hash, silent);
    return false;
  }

  /**
   * The bytes that one node holds, checked.
   *
   * @throws WeightsMissing where it answers and does not hold them, or not as they were put
   */
  byte[] fetch(WeightsHash hash, ActorRef<WeightPeer.Command> from) throws WeightsMissing, StoreUnreachable {
    WeightPeer.Part first = part(hash, from, 0, CHUNK);
    if (first.size() < 0 || first.size() > Integer.MAX_VALUE - 8) {
      throw new WeightsMissing("the weights " + hash + " are missing on " + from.path());
    }
    byte[] bytes = new byte[(int) first.size()];
    int done = put(first, bytes, 0);
    Deque<CompletableFuture<WeightPeer.Part>> window = new ArrayDeque<>();
    try {
      long next = done;
      while (done < bytes.length) {
        while (window.size() < WINDOW && next < bytes.length) {
          window.add(asked(hash, from, next, CHUNK));
          next += CHUNK;
        }
        WeightPeer.Part part = checked(answered(from.path().toString(), window.remove()));
        int more = part.size() == bytes.length ? put(part, bytes, done) : 0;
        if (more == 0) {
          throw new StoreUnreachable("the weights " + hash + " changed on " + from.path() + " while they were read");
        }
        done += more;
      }
    } finally {
      window.forEach(part -> part.cancel(false));
    }
    if (!hash.matches(bytes)) {
      throw new WeightsMissing("the weights " + hash + " are damaged on " + from.path());
    }
    return bytes;
  }

  private static int put(WeightPeer.Part part, byte[] bytes, int at) {
    int length = Math.min(part.bytes().length, bytes.length - at);
    System.arraycopy(part.bytes(), 0, bytes, at, length);
    return length;
  }

  private WeightPeer.Part part(WeightsHash hash, ActorRef<WeightPeer.Command> from, long offset, int length)
      throws StoreUnreachable {
    return checked(answered(from.path().toString(), asked(hash, from, offset, length)));
  }

  private static WeightPeer.Part checked(WeightPeer.Part part) throws StoreUnreachable {
    if (!part.problem().isEmpty()) {
      throw new StoreUnreachable(part.problem());
    }
    return part;
  }

  private CompletableFuture<WeightPeer.Part> asked(
      WeightsHash hash, ActorRef<WeightPeer.Command> from, long offset, int length) {
    return AskPattern.<WeightPeer.Command, WeightPeer.Part>ask(from,
        replyTo -> new WeightPeer.Read(hash.hex(), offset, length, replyTo), answer, system.scheduler())
        .toCompletableFuture();
  }

  @Override
  public Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) {
    Set<WeightsHash> deleted = new HashSet<>();
    for (Member member : others()) {
      try {
        sweep(member, kept, age, deleted);
      } catch (StoreUnreachable e) {
        LOG.info("weights that nothing names stay until the next time: {}", e.getMessage());
      }
    }
    return deleted;
  }

  private void sweep(Member member, Set<WeightsHash> kept, Duration age, Set<WeightsHash> deleted)
      throws StoreUnreachable {
    String after = "";
    boolean more = true;
    while (more) {
      String last = after;
      WeightPeer.Old page = addresses(member,
          replyTo -> new WeightPeer.ListOld(age.toMillis(), last, replyTo));
      List<String> over = page.hashes().stream().filter(hash -> !kept.contains(new WeightsHash(hash))).toList();
      if (!over.isEmpty()) {
        addresses(member, replyTo -> new WeightPeer.Delete(over, age.toMillis(), replyTo)).hashes()
            .forEach(hash -> deleted.add(new WeightsHash(hash)));
      }
      more = page.more();
      after = page.hashes().isEmpty() ? after : page.hashes().get(page.hashes().size() - 1);
    }
  }

  private WeightPeer.Old addresses(Member member, Function<ActorRef<WeightPeer.Old>, WeightPeer.Command> question)
      throws StoreUnreachable {
    WeightPeer.Old answered = ask(member.address().toString(), peer(member), question);
    if (!answered.problem().isEmpty()) {
      throw new StoreUnreachable(answered.problem());
    }
    return answered;
  }

  private <R> R ask(String whom, ActorRef<WeightPeer.Command> peer, Function<ActorRef<R>, WeightPeer.Command> question)
      throws StoreUnreachable {
    return answered(whom,
        AskPattern.ask(peer, question, answer.multipliedBy(WINDOW), system.scheduler()).toCompletableFuture());
  }

  private static <R> R answered(String whom, CompletableFuture<R> answer) throws StoreUnreachable {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnreachable("waiting for node " + whom + " was interrupted", e);
    } catch (ExecutionException | CancellationException e) {
      throw new StoreUnreachable("node " + whom + " does not answer", e);
    }
  }
}
