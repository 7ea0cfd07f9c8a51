package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.cambrian.persistence.StreamHead;
import java.io.IOException;

/**
 * Writes the spine's head to the file beside the journal, on a dispatcher that may block. Heads that arrive while one
 * is being written share the next fsync: only the newest is written.
 */
final class HeadKeeper extends AbstractBehavior<HeadKeeper.Command> {

  /** What it is told. */
  sealed interface Command {}

  /** The spine has this head; {@code replyTo} is told once it, or a later one, is on disk. */
  record Write(StreamHead head, ActorRef<PopulationCommand> replyTo) implements Command {}

  private enum Flush implements Command {
    INSTANCE
  }

  /** Where the head goes; returns once it is on disk. */
  @FunctionalInterface
  interface Destination {
    void write(StreamHead head) throws IOException;
  }

  private final Destination destination;
  private Write newest;
  private boolean flushing;

  private HeadKeeper(ActorContext<Command> context, Destination destination) {
    super(context);
    this.destination = destination;
  }

  static Behavior<Command> create(Destination destination) {
    return Behaviors.setup(context -> new HeadKeeper(context, destination));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Write.class, this::onWrite)
        .onMessage(Flush.class, flush -> onFlush())
        .build();
  }

  private Behavior<Command> onWrite(Write write) {
    newest = write;
    if (!flushing) {
      flushing = true;
      getContext().getSelf().tell(Flush.INSTANCE);
    }
    return this;
  }

  private Behavior<Command> onFlush() {
    flushing = false;
    try {
      CrashPoint.HEAD_WRITING.reached();
      destination.write(newest.head());
      CrashPoint.HEAD_WRITTEN.reached();
      newest.replyTo().tell(new PopulationCommand.HeadWritten(newest.head().sequence()));
    } catch (IOException | RuntimeException e) {
      newest.replyTo().tell(new PopulationCommand.HeadFailed(
          "the head file beside the journal cannot be written: " + e.getMessage()));
    }
    return this;
  }
}
