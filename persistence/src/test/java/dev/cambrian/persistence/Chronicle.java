package dev.cambrian.persistence;

import akka.actor.typed.ActorRef;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.SnapshotSelectionCriteria;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;

/** A stream of the journal as an actor: appends events, answers with the stream's head once they are on disk. */
final class Chronicle extends EventSourcedBehavior<Chronicle.Append, Link, StreamHead> {

  /** An event to be appended; none to ask for the head. */
  record Append(byte[] event, ActorRef<StreamHead> replyTo) {}

  Chronicle(String name) {
    super(PersistenceId.ofUniqueId(name));
  }

  /** It takes none, and reads none of others. */
  @Override
  public Recovery recovery() {
    return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
  }

  @Override
  public StreamHead emptyState() {
    return StreamHead.EMPTY;
  }

  @Override
  public CommandHandler<Append, Link, StreamHead> commandHandler() {
    return newCommandHandlerBuilder().forAnyState().onCommand(Append.class, (head, append) ->
        append.event().length == 0
            ? Effect().reply(append.replyTo(), head)
            : Effect().persist(Link.after(head, append.event())).thenReply(append.replyTo(), next -> next)).build();
  }

  @Override
  public EventHandler<StreamHead, Link> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent((head, link) -> {
      if (!link.follows(head)) {
        throw new IllegalStateException(link + " does not follow " + head);
      }
      return link.head();
    });
  }
}
