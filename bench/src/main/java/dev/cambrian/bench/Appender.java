package dev.cambrian.bench;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.StreamHead;
import java.util.concurrent.atomic.AtomicLong;

/** An actor that persists one event after the other as fast as the journal takes them, and does nothing else. */
final class Appender extends EventSourcedBehavior<Appender.Next, Link, StreamHead> {

  /** Once more. */
  enum Next {
    INSTANCE
  }

  private final ActorRef<Next> self;
  private final byte[] event;
  private final AtomicLong appended;

  private Appender(ActorRef<Next> self, int bytes, AtomicLong appended) {
    super(PersistenceId.ofUniqueId("appender"));
    this.self = self;
    this.event = new byte[bytes];
    this.appended = appended;
  }

  /**
   * One that has begun.
   *
   * @param bytes of every event
   * @param appended is counted up with every event that is on disk
   */
  static Behavior<Next> create(int bytes, AtomicLong appended) {
    return Behaviors.setup(context -> {
      context.getSelf().tell(Next.INSTANCE);
      return new Appender(context.getSelf(), bytes, appended);
    });
  }

  @Override
  public StreamHead emptyState() {
    return StreamHead.EMPTY;
  }

  @Override
  public CommandHandler<Next, Link, StreamHead> commandHandler() {
    return newCommandHandlerBuilder().forAnyState()
        .onCommand(Next.class, (head, next) -> Effect().persist(Link.after(head, event)).thenRun(after -> {
          appended.incrementAndGet();
          self.tell(Next.INSTANCE);
        }))
        .build();
  }

  @Override
  public EventHandler<StreamHead, Link> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent((head, link) -> link.head());
  }
}
