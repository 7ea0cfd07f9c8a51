package dev.cambrian.persistence;

import akka.dispatch.Futures;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.leveldb.LeveldbJournal;
import com.typesafe.config.Config;
import java.util.concurrent.Phaser;
import java.util.function.Supplier;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * Akka's LevelDB journal, but that several streams are written at the same time, and that its files are closed only after
 * the last write and the last read.
 *
 * <p>Akka writes one stream after the other, each with an fsync of its own. LevelDB puts what several threads write at
 * the same time onto the disk together, with one. Nobody's order changes: a persistent actor writes on only after it
 * was told that what it wrote before is on disk.
 *
 * <p>Akka reads on a dispatcher of its own and closes when the journal's actor stops, whether or not somebody still
 * recovers. LevelDB's native code does not survive that: it aborts the whole process ("pthread destroy mutex: Device or
 * resource busy") or reads freed memory. A system that ended while individuals woke up died so, now and then.
 */
final class OrderlyLeveldbJournal extends LeveldbJournal {
  private static final String WRITERS = "cambrian.journal-writers";

  /** The journal itself is one party, each use that goes on is another; it ends with the last of them. */
  private final Phaser users = new Phaser(1);
  private final ExecutionContext writers;

  OrderlyLeveldbJournal(Config config) {
    super(config);
    writers = context().system().dispatchers().lookup(WRITERS);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> writes) {
    return using(() -> Futures.future(() -> super.asyncWriteMessages(writes), writers)
        .flatMap(written -> written, ExecutionContext.parasitic$.MODULE$));
  }

  @Override
  public Future<Object> asyncReadHighestSequenceNr(String persistenceId, long from) {
    return using(() -> super.asyncReadHighestSequenceNr(persistenceId, from));
  }

  @Override
  public Future<BoxedUnit> asyncReplayMessages(
      String persistenceId, long from, long to, long max, Function1<PersistentRepr, BoxedUnit> replay) {
    return using(() -> super.asyncReplayMessages(persistenceId, from, to, max, replay));
  }

  private <T> Future<T> using(Supplier<Future<T>> use) {
    if (users.register() < 0) {
      return Futures.failed(new IllegalStateException("the journal is closed"));
    }
    Future<T> using;
    try {
      using = use.get();
    } catch (RuntimeException | Error e) {
      users.arriveAndDeregister();
      throw e;
    }
    using.onComplete(ended -> users.arriveAndDeregister(), ExecutionContext.parasitic$.MODULE$);
    return using;
  }

  /** Waits for the uses that go on: a dispatcher thread of its own (Akka's pinned one for plugins) does that. */
  @Override
  public void postStop() {
    users.awaitAdvance(users.arriveAndDeregister());
    super.postStop();
  }
}
