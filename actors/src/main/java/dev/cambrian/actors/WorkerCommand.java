package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;

/** What a worker is told. */
sealed interface WorkerCommand extends CborMessage {

  /** Pull and train until told otherwise. Repeating it is harmless. */
  record Work(ActorRef<Done> replyTo) implements WorkerCommand {}

  /** This attempt is over: its result would not count. */
  record Abandon(long child, int attempt) implements WorkerCommand {}

  /** Finish what is in training, pull no more, and end; answered once the training thread has ended. */
  record Rest(ActorRef<Done> replyTo) implements WorkerCommand {}

  /** Drop what is in flight and end; answered once the training thread has ended. */
  record Stop(ActorRef<Done> replyTo) implements WorkerCommand {}

  /** Time to tell the population how far it is. */
  enum Beat implements WorkerCommand {
    INSTANCE
  }

  /** The thread of the loop of that number ended; {@code finished}: because there is nothing left to do. */
  record Ended(int loop, boolean finished) implements WorkerCommand {}
}
