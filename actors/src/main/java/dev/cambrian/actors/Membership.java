package dev.cambrian.actors;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.SelfRemoved;
import akka.cluster.typed.Subscribe;
import akka.remote.artery.ThisActorSystemQuarantinedEvent;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Watches the cluster's members: who is there is written down for the next start, whose node is gone is told, and so is
 * it where this node itself was given up.
 */
final class Membership extends AbstractBehavior<Membership.Command> {

  /** What it is told. */
  sealed interface Command {}

  private record Changed(ClusterEvent.MemberEvent event) implements Command {}

  private record Removed(MemberStatus before) implements Command {}

  private record Quarantined(String by) implements Command {}

  /** Who is told what. */
  interface Listener {

    /** The addresses of all members but this one, as {@code HOST:PORT}. */
    void others(SortedSet<String> addresses);

    /** A node of this name is no member any more. */
    void gone(String node);

    /** This node is no member any more and did not leave; a sentence. */
    void cutOff(String sentence);
  }

  private final String node;
  private final Address self;
  private final Listener listener;
  private final SortedSet<String> others = new TreeSet<>();

  private Membership(ActorContext<Command> context, String node, Listener listener) {
    super(context);
    this.node = node;
    this.listener = listener;
    Cluster cluster = Cluster.get(context.getSystem());
    this.self = cluster.selfMember().address();
    cluster.subscriptions().tell(Subscribe.create(
        context.messageAdapter(ClusterEvent.MemberEvent.class, Changed::new), ClusterEvent.MemberEvent.class));
    cluster.subscriptions().tell(Subscribe.create(
        context.messageAdapter(SelfRemoved.class, removed -> new Removed(removed.previousStatus())),
        SelfRemoved.class));
    ActorRef<ThisActorSystemQuarantinedEvent> quarantined = context.messageAdapter(
        ThisActorSystemQuarantinedEvent.class, event -> new Quarantined(event.remoteAddress().address().hostPort()));
    Adapter.toClassic(context.getSystem()).getEventStream()
        .subscribe(Adapter.toClassic(quarantined), ThisActorSystemQuarantinedEvent.class);
  }

  /** @param node this one's name */
  static Behavior<Command> create(String node, Listener listener) {
    return Behaviors.setup(context -> new Membership(context, node, listener));
  }

  /** The name by which a member calls its node. */
  static String name(Member member) {
    return member.getRoles().stream()
        .filter(role -> role.startsWith(ClusterSettings.NAMED))
        .map(role -> role.substring(ClusterSettings.NAMED.length()))
        .findFirst()
        .orElseGet(() -> address(member.address()));
  }

  /** {@code HOST:PORT} of an address. */
  static String address(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().map(String::valueOf).orElse("");
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Changed.class, this::onChanged)
        .onMessage(Removed.class, this::onRemoved)
        .onMessage(Quarantined.class, quarantined -> cutOff("node " + quarantined.by() + " has given it up"))
        .build();
  }

  private Behavior<Command> onChanged(Changed changed) {
    Member member = changed.event().member();
    if (member.address().equals(self)) {
      return this;
    }
    boolean removed = changed.event() instanceof ClusterEvent.MemberRemoved;
    if (removed ? others.remove(address(member.address())) : others.add(address(member.address()))) {
      listener.others(others);
    }
    if (removed) {
      listener.gone(name(member));
    }
    return this;
  }

  private Behavior<Command> onRemoved(Removed removed) {
    return removed.before().equals(MemberStatus.down())
        ? cutOff("the part of the cluster that it could reach was not the larger one") : this;
  }

  private Behavior<Command> cutOff(String why) {
    listener.cutOff("node " + node + " was cut off from the cluster: " + why
        + "; start it again, and it joins as soon as it can");
    return this;
  }
}
