package dev.cambrian.persistence;

import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import com.typesafe.config.Config;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Akka's journal over JDBC, which also tells its node's event stream when PostgreSQL takes no events, why, and when it
 * takes them again.
 */
public final class PostgresWriteJournal extends JdbcAsyncWriteJournal {
  private final AtomicBoolean failing = new AtomicBoolean();
  private final akka.actor.ActorSystem system = context().system();

  /** For Akka, with the plugin's configuration. */
  public PostgresWriteJournal(Config config) {
    super(config);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
    return watched(super.asyncWriteMessages(messages), true);
  }

  @Override
  public Future<Object> asyncReadHighestSequenceNr(String stream, long from) {
    return watched(super.asyncReadHighestSequenceNr(stream, from), false);
  }

  @Override
  public Future<BoxedUnit> asyncReplayMessages(
      String stream, long from, long to, long most, Function1<PersistentRepr, BoxedUnit> replayed) {
    return watched(super.asyncReplayMessages(stream, from, to, most, replayed), false);
  }

  /** A server whose disk is full still reads, so only what was written shows that it takes events. */
  private <T> Future<T> watched(Future<T> done, boolean written) {
    done.onComplete(result -> {
      if (result.isSuccess()) {
        if (written && failing.compareAndSet(true, false)) {
          system.eventStream().publish(new JournalOutage(Optional.empty()));
        }
      } else {
        JournalOutage.of(result.failed().get()).ifPresent(reason -> {
          failing.set(true);
          system.eventStream().publish(new JournalOutage(Optional.of(reason)));
        });
      }
      return null;
    }, system.dispatcher());
    return done;
  }
}
