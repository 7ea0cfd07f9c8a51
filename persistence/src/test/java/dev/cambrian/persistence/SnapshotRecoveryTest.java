package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots shorten replay, and where none can be read, everything is replayed. */
class SnapshotRecoveryTest {
  private static final int EVENTS = 25;

  @TempDir Path directory;

  /** Counts; its state is how often, kept in a snapshot at every tenth event. */
  private static final class Counter extends EventSourcedBehavior<Counter.Count, Link, Counter.Counted> {
    record Count(boolean more, ActorRef<Counted> replyTo) {}

    record Counted(StreamHead head) {}

    private final AtomicInteger applied;

    Counter(AtomicInteger applied) {
      super(PersistenceId.ofUniqueId("counter"));
      this.applied = applied;
    }

    @Override
    public Counted emptyState() {
      return new Counted(StreamHead.EMPTY);
    }

    @Override
    public CommandHandler<Count, Link, Counted> commandHandler() {
      return newCommandHandlerBuilder().forAnyState().onCommand(Count.class, (state, count) -> count.more()
          ? Effect().persist(Link.after(state.head(), new byte[] {1})).thenReply(count.replyTo(), next -> next)
          : Effect().reply(count.replyTo(), state)).build();
    }

    @Override
    public EventHandler<Counted, Link> eventHandler() {
      return newEventHandlerBuilder().forAnyState().onAnyEvent((state, link) -> {
        applied.incrementAndGet();
        return new Counted(link.head());
      });
    }

    @Override
    public RetentionCriteria retentionCriteria() {
      return RetentionCriteria.snapshotEvery(10, 2);
    }

    @Override
    public SnapshotAdapter<Counted> snapshotAdapter() {
      return new SnapshotAdapter<>() {
        @Override
        public Object toJournal(Counted state) {
          return Snapshot.of("counter", 1, state);
        }

        @Override
        public Counted fromJournal(Object snapshot) {
          return ((Snapshot) snapshot).read("counter", 1, Counted.class);
        }
      };
    }
  }

  @Test
  void keptSnapshots_areReadWithoutAkka_andDamagedOnesAreNone() throws Exception {
    ExperimentHome home = new ExperimentHome(directory);
    sit(home, EVENTS, new AtomicInteger());
    KeptSnapshots kept = SnapshotFiles.of(home, "counter");
    assertEquals(List.of(10L, 20L), List.copyOf(kept.events()));
    assertEquals(Optional.of(10L), kept.atOrBefore(19));
    assertEquals(Optional.empty(), kept.atOrBefore(9));
    StreamHead head = StreamHead.EMPTY;
    for (int event = 1; event <= 20; event++) {
      head = Link.after(head, new byte[] {1}).head();
    }
    Snapshot snapshot = kept.read(20).orElseThrow();
    assertEquals(Snapshot.of("counter", 1, new Counter.Counted(head)), snapshot);
    assertEquals(Optional.of("/head/hash"), snapshot.difference(
        Snapshot.of("counter", 1, new Counter.Counted(new StreamHead(20, "12".repeat(32))))));
    assertEquals(Optional.empty(), kept.read(15));
    damage(snapshots(home).get(1));
    assertEquals(Optional.empty(), kept.read(20));
    assertEquals(List.of(), List.copyOf(SnapshotFiles.of(home, "count").events()));
  }

  @Test
  void soundSnapshot_shortensReplay_damagedOne_givesWayToTheOneBefore_andThenToTheJournal() throws Exception {
    ExperimentHome home = new ExperimentHome(directory);
    StreamHead counted = sit(home, EVENTS, new AtomicInteger());
    assertEquals(EVENTS, counted.sequence());

    assertReplays(home, counted, EVENTS - 20);
    List<Path> snapshots = snapshots(home);
    assertEquals(2, snapshots.size());
    damage(snapshots.get(1));
    assertReplays(home, counted, EVENTS - 10);
    for (Path snapshot : snapshots(home)) {
      damage(snapshot);
    }
    assertReplays(home, counted, EVENTS);
  }

  private static void assertReplays(ExperimentHome home, StreamHead counted, int events) throws Exception {
    AtomicInteger applied = new AtomicInteger();
    assertEquals(counted, sit(home, 0, applied));
    assertEquals(events, applied.get());
  }

  private static StreamHead sit(ExperimentHome home, int events, AtomicInteger applied) throws Exception {
    ActorSystem<Counter.Count> system = ActorSystem.create(new Counter(applied), "counter", new LevelDbJournal(home).akkaConfig()
        .withFallback(ConfigFactory.parseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF"))
        .withFallback(ConfigFactory.parseResources("persistence.conf"))
        .withFallback(ConfigFactory.load()).resolve());
    try {
      StreamHead head = ask(system, false);
      for (int i = 0; i < events; i++) {
        head = ask(system, true);
        if (head.sequence() % 10 == 0) {
          awaitSnapshots(home, (int) head.sequence() / 10);
        }
      }
      return head;
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().join();
    }
  }

  private static StreamHead ask(ActorSystem<Counter.Count> system, boolean more) {
    return AskPattern.<Counter.Count, Counter.Counted>ask(
        system, replyTo -> new Counter.Count(more, replyTo), Duration.ofSeconds(30), system.scheduler())
        .toCompletableFuture().join().head();
  }

  private static void awaitSnapshots(ExperimentHome home, int count) throws Exception {
    for (int patience = 0; patience < 1000 && snapshots(home).size() < count; patience++) {
      Thread.sleep(10);
    }
  }

  private static List<Path> snapshots(ExperimentHome home) throws IOException {
    try (Stream<Path> files = Files.list(home.snapshots())) {
      return files.filter(file -> !file.toString().endsWith("tmp")).sorted().toList();
    }
  }

  private static void damage(Path snapshot) throws IOException {
    byte[] content = Files.readAllBytes(snapshot);
    content[content.length - 3] = (byte) 0x7e;
    Files.write(snapshot, content);
  }
}
