package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** The nodes of a cluster, as this one knows them and as they tell about themselves. */
final class Nodes {
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private Nodes() {}

  /** All members, the ones that are on their way in or out included. */
  static List<Member> members(ActorSystem<?> system) {
    return StreamSupport.stream(Cluster.get(system).state().getMembers().spliterator(), false)
        .filter(member -> !member.status().equals(MemberStatus.removed()))
        .toList();
  }

  /** Whether this node hosts the population, and no member that does has been there for longer. */
  static boolean isFirstHost(ActorSystem<?> system) {
    Member self = Cluster.get(system).selfMember();
    return self.hasRole(NodeRole.POPULATION.word()) && members(system).stream()
        .filter(member -> member.hasRole(NodeRole.POPULATION.word()))
        .noneMatch(member -> !member.uniqueAddress().equals(self.uniqueAddress()) && member.isOlderThan(self));
  }

  /** The nodes that registered under a key. */
  static CompletionStage<List<ActorRef<NodeCommand>>> known(
      ActorSystem<?> system, ServiceKey<NodeCommand> key, Duration patience) {
    return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(system.receptionist(),
            replyTo -> Receptionist.find(key, replyTo), patience, system.scheduler())
        .thenApply(listing -> List.copyOf(listing.getServiceInstances(key)));
  }

  /**
   * Every member by name, with what it is about.
   *
   * @param trainings all that are known of; empty where the population does not answer
   */
  static CompletionStage<List<NodeReport>> reports(ActorSystem<?> system, List<Status.Training> trainings) {
    return known(system, NodeActor.NODES, ANSWER)
        .thenCompose(nodes -> described(system, nodes))
        .thenApply(told -> members(system).stream()
            .map(member -> report(system, member, Optional.ofNullable(told.get(Membership.name(member))), trainings))
            .sorted(Comparator.comparing(NodeReport::node))
            .toList());
  }

  private static CompletionStage<Map<String, NodeReport.Node>> described(
      ActorSystem<?> system, List<ActorRef<NodeCommand>> nodes) {
    Map<String, NodeReport.Node> told = new ConcurrentHashMap<>();
    return CompletableFuture.allOf(nodes.stream()
            .map(node -> AskPattern.ask(node, NodeCommand.Describe::new, ANSWER, system.scheduler())
                .handle((answer, late) -> answer == null ? null : told.put(answer.name(), answer))
                .toCompletableFuture())
            .toArray(CompletableFuture[]::new))
        .thenApply(done -> told);
  }

  private static NodeReport report(ActorSystem<?> system, Member member, Optional<NodeReport.Node> told,
      List<Status.Training> trainings) {
    String name = Membership.name(member);
    List<String> roles = Arrays.stream(NodeRole.values())
        .map(NodeRole::word).filter(member::hasRole).toList();
    return new NodeReport(name, Membership.address(member.address()), state(system, member, told), roles,
        told.map(NodeReport.Node::devices).orElse(List.of()),
        trainings.stream().filter(training -> training.worker().startsWith(name + "/")).toList());
  }

  private static String state(ActorSystem<?> system, Member member, Optional<NodeReport.Node> told) {
    if (Cluster.get(system).state().getUnreachable().contains(member)) {
      return "unreachable";
    } else if (member.status().equals(MemberStatus.joining()) || member.status().equals(MemberStatus.weaklyUp())) {
      return "joining";
    } else if (!member.status().equals(MemberStatus.up())) {
      return "leaving";
    }
    return told.map(NodeReport.Node::draining).orElse(false) ? "draining" : told.isEmpty() ? "joining" : "up";
  }

  /**
   * Tells a node of that name to go; false where none of that name answers.
   *
   * @param drain whether it finishes first what it trains
   */
  static CompletionStage<Boolean> depart(ActorSystem<?> system, String name, boolean drain) {
    Function<ActorRef<NodeCommand>, CompletionStage<Boolean>> ask = node ->
        AskPattern.ask(node, NodeCommand.Describe::new, ANSWER, system.scheduler())
            .thenCompose(told -> told.name().equals(name)
                ? AskPattern.<NodeCommand, Done>ask(
                    node, replyTo -> new NodeCommand.Depart(drain, replyTo), ANSWER, system.scheduler())
                    .thenApply(done -> true)
                : CompletableFuture.completedFuture(false))
            .exceptionally(late -> false);
    return known(system, NodeActor.NODES, ANSWER).thenCompose(nodes -> {
      List<CompletableFuture<Boolean>> asked = nodes.stream().map(node -> ask.apply(node).toCompletableFuture()).toList();
      return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
          .thenApply(done -> asked.stream().anyMatch(CompletableFuture::join));
    });
  }
}
