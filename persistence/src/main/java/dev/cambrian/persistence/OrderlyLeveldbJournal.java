package dev.cambrian.persistence;

import akka.dispatch.Futures;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.leveldb.LeveldbJournal;
import com.typesafe.config.Config;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;
import scala.Function1;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;

/**
 * Akka's LevelDB journal, which closes its files only after the last read of them has ended.
 *
 * <p>Akka reads on a dispatcher of its own and closes when the journal's actor stops, whether or not somebody still
 * recovers. LevelDB's native code does not survive that: it aborts the whole process ("pthread destroy mutex: Device or
 * resource busy") or reads freed memory. A system that ended while individuals woke up died so, now and then.
 */
final class OrderlyLeveldbJournal extends LeveldbJournal {

  /** The journal itself is one party, each read that goes on is another; it ends with the last of them. */
  private final Phaser users = new Phaser(1);

  OrderlyLeveldbJournal(Config config) {
    super(config);
  }

  @Override
  public Future<Object> asyncReadHighestSequenceNr(String persistenceId, long from) {
    return reading(() -> super.asyncReadHighestSequenceNr(persistenceId, from));
  }

  @Override
  public Future<BoxedUnit> asyncReplayMessages(
      String persistenceId, long from, long to, long max, Function1<PersistentRepr, BoxedUnit> replay) {
    return reading(() -> super.asyncReplayMessages(persistenceId, from, to, max, replay));
  }

  private <T> Future<T> reading(Supplier<Future<T>> read) {
    if (users.register() < 0) {
      return Futures.failed(new IllegalStateException("the journal is closed"));
    }
    Future<T> reading = read.get();
    reading.onComplete(ended -> users.arriveAndDeregister(), ExecutionContext.parasitic$.MODULE$);
    return reading;
  }

  /** Waits for the reads that go on: a dispatcher thread of its own (Akka's pinned one for plugins) does that. */
  @Override
  public void postStop() {
    users.awaitAdvance(users.arriveAndDeregister());
    super.postStop();
  }
}
