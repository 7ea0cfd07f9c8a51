package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;
import dev.cambrian.persistence.JournalOutage;
import java.util.Optional;

/** Knows whether this node's journal takes events, as the journal itself tells it. */
final class JournalWatch {
  private volatile Optional<String> outage = Optional.empty();

  private JournalWatch() {}

  /** Begins to watch the journal of a node. */
  static JournalWatch over(ActorSystem<?> system) {
    JournalWatch watch = new JournalWatch();
    ActorRef<JournalOutage> listener = system.systemActorOf(
        Behaviors.<JournalOutage>receiveMessage(told -> {
          watch.outage = told.reason();
          return Behaviors.same();
        }), "journal-watch", Props.empty());
    system.eventStream().tell(new EventStream.Subscribe<>(JournalOutage.class, listener));
    return watch;
  }

  /** Why the journal takes no events now, a clause; empty where it does. */
  Optional<String> outage() {
    return outage;
  }
}
