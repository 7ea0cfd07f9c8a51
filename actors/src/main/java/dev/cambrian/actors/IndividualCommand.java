package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import dev.cambrian.persistence.IndividualEvent;

/**
 * What an individual is asked. Every command may be repeated; every answer is the biography as it is on disk once the
 * command was carried out, and tells by itself whether it was.
 */
sealed interface IndividualCommand extends CborMessage {

  /** Who waits for the biography. */
  ActorRef<Biography> replyTo();

  /** What is known? */
  record Get(ActorRef<Biography> replyTo) implements IndividualCommand {}

  /** The genotype was made; the first one counts. Refused where the attempt is over. */
  record Conceive(int attempt, IndividualEvent.Conceived made, ActorRef<Biography> replyTo)
      implements IndividualCommand {}

  /** The training gave a model. Refused where the attempt is over. */
  record Finish(IndividualEvent.Trained result, ActorRef<Biography> replyTo) implements IndividualCommand {}

  /** The child could not be built or trained. Refused where the attempt is over. */
  record Fail(IndividualEvent.Failed result, ActorRef<Biography> replyTo) implements IndividualCommand {}

  /** Unless the training ended, attempts before this one are over. */
  record Fence(int attempt, ActorRef<Biography> replyTo) implements IndividualCommand {}

  /** Its weights were given up by the spine's event of that number: it trains again, under this attempt. */
  record Reset(int attempt, long event, ActorRef<Biography> replyTo) implements IndividualCommand {}

  /** It lost a tournament, the spine's event of that number. */
  record Kill(long event, ActorRef<Biography> replyTo) implements IndividualCommand {}
}
