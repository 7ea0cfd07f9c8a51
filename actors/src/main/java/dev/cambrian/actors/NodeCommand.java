package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;

/** What a node is asked by other nodes. */
sealed interface NodeCommand extends CborMessage {

  /** May this node take part? Asked of those who host the population. */
  record Admit(NodeDescription node, ActorRef<Admitted> replyTo) implements NodeCommand {}

  /** What do you do? */
  record Describe(ActorRef<NodeReport.Node> replyTo) implements NodeCommand {}

  /**
   * Leave the cluster and end; answered when that has begun.
   *
   * @param drain whether what is in training is finished first
   */
  record Depart(boolean drain, ActorRef<Done> replyTo) implements NodeCommand {}

  /** The answer to {@link Admit}; {@code refusal} is empty, or one sentence. */
  record Admitted(String refusal) implements CborMessage {}
}
