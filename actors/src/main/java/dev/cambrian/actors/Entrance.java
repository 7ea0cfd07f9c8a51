package dev.cambrian.actors;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.JoinSeedNodes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A node's way into its cluster: it becomes a member, makes sure that its name is its own, and is admitted by a node
 * that hosts the population. Where it hosts the population and no older member does, nobody needs to admit it. Blocks.
 */
final class Entrance {
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 50;
  private static final long NOTE_MILLIS = 10_000;

  private final ActorSystem<?> system;
  private final Cluster cluster;
  private final Supplier<NodeDescription> description;
  private final CompletableFuture<String> cutOff;
  private final Consumer<String> notes;
  private long lastNote = System.nanoTime();

  /**
   * Before any of it.
   *
   * @param cutOff completes where the node will never be let in
   * @param notes is told now and then what it waits for
   */
  Entrance(ActorSystem<?> system, Supplier<NodeDescription> description, CompletableFuture<String> cutOff,
      Consumer<String> notes) {
    this.system = system;
    this.cluster = Cluster.get(system);
    this.description = description;
    this.cutOff = cutOff;
    this.notes = notes;
  }

  /**
   * Begins to join. A node that would begin the cluster anew, and has not left the one that was, waits for the larger
   * part of it.
   */
  void join(ClusterSettings here, KnownMembers known) throws CannotStart, InterruptedException {
    List<String> before = known.read();
    List<Address> contacts = here.contacts(before);
    String own = Membership.address(cluster.selfMember().address());
    if (Membership.address(contacts.get(0)).equals(own) && known.torn()) {
      while (!Quorum.reached(own, before, Quorum::answers)) {
        pause("node " + here.node() + " waits for at least half of the nodes that were in its cluster ("
            + String.join(", ", before) + "); where they are gone for good, delete " + known.file());
      }
    }
    cluster.manager().tell(new JoinSeedNodes(contacts));
  }

  /**
   * Returns once the node may take part.
   *
   * @throws CannotStart where it may not; the message says why
   */
  void pass() throws CannotStart, InterruptedException {
    String node = description.get().node();
    while (!cluster.selfMember().status().equals(MemberStatus.up())) {
      pause("node " + node + " waits for an answer of the nodes that it is to join");
    }
    for (Optional<Member> same = namesake(); same.isPresent(); same = namesake()) {
      if (!unreachable(same.get())) {
        throw new CannotStart("there is a node " + node + " in the cluster already, at "
            + Membership.address(same.get().address()) + "; give this one a name of its own");
      }
      pause("node " + node + " waits for the cluster to give up its predecessor");
    }
    while (!Nodes.isFirstHost(system)) {
      Optional<ActorRef<NodeCommand>> host = host();
      if (host.isPresent() && admitted(host.get())) {
        return;
      }
      pause("node " + node + " waits for a node with the role population to admit it");
    }
  }

  private boolean admitted(ActorRef<NodeCommand> host) throws CannotStart, InterruptedException {
    try {
      String refusal = AskPattern.<NodeCommand, NodeCommand.Admitted>ask(host,
              replyTo -> new NodeCommand.Admit(description.get(), replyTo), ANSWER, system.scheduler())
          .toCompletableFuture().get().refusal();
      if (!refusal.isEmpty()) {
        throw new CannotStart(refusal);
      }
      return true;
    } catch (ExecutionException late) {
      if (!(late.getCause() instanceof TimeoutException)) {
        throw new IllegalStateException("the population's node cannot be asked", late.getCause());
      }
      return false;
    }
  }

  private Optional<Member> namesake() {
    Member self = cluster.selfMember();
    return Nodes.members(system).stream()
        .filter(member -> !member.uniqueAddress().equals(self.uniqueAddress()) && member.isOlderThan(self))
        .filter(member -> Membership.name(member).equals(Membership.name(self)))
        .findFirst();
  }

  private boolean unreachable(Member member) {
    return cluster.state().getUnreachable().contains(member);
  }

  private Optional<ActorRef<NodeCommand>> host() throws InterruptedException {
    try {
      return Nodes.known(system, NodeActor.HOSTS, ANSWER).toCompletableFuture().get().stream().findFirst();
    } catch (ExecutionException late) {
      return Optional.empty();
    }
  }

  private void pause(String waitingFor) throws CannotStart, InterruptedException {
    if (cutOff.isDone()) {
      throw new CutOff(cutOff.join());
    }
    if (System.nanoTime() - lastNote > NOTE_MILLIS * 1_000_000) {
      lastNote = System.nanoTime();
      notes.accept(waitingFor);
    }
    Thread.sleep(PAUSE_MILLIS);
  }
}
