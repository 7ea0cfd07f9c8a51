package dev.cambrian.persistence;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.SpawnProtocol;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * An experiment's history as the real actors would write it, through Akka into a home: children are assigned, conceived
 * and trained, some are killed and some fail. Every event is acknowledged, and the spine's head recorded, before the
 * next is written.
 */
final class Story implements AutoCloseable {
  static final String EXPERIMENT = "tale";

  private static final Instant AT = Instant.parse("2017-03-06T10:11:12Z");
  private static final int POPULATION = 8;

  private final ActorSystem<SpawnProtocol.Command> system;
  private final AcknowledgedHead head;
  private final ActorRef<Chronicle.Append> spine;
  private final Map<Long, ActorRef<Chronicle.Append>> biographies = new HashMap<>();
  private final Map<String, StreamHead> acknowledged = new HashMap<>();
  private final Deque<Long> living = new ArrayDeque<>();
  private long children;

  /** How long an answer is awaited. */
  Duration patience = Duration.ofSeconds(30);

  private Story(Journal journal, boolean fsync) throws IOException {
    Config config = journal.akkaConfig()
        .withFallback(ConfigFactory.parseString("akka { loglevel = WARNING, stdout-loglevel = WARNING,"
            + " persistence.journal.leveldb.fsync = " + fsync + " }"))
        .withFallback(ConfigFactory.parseResources("persistence.conf"))
        .withFallback(ConfigFactory.load());
    system = ActorSystem.create(SpawnProtocol.create(), "story", config.resolve());
    head = journal.acknowledged();
    spine = open(StreamName.spine(EXPERIMENT));
    StreamHead found = append(spine, StreamName.spine(EXPERIMENT), new byte[0]);
    if (found.equals(StreamHead.EMPTY)) {
      tell(new PopulationEvent.ExperimentStarted(AT, EXPERIMENT, Examples.SETTINGS));
    } else {
      head.record(found);
    }
  }

  /** Opens, or begins, the story in a home. */
  static Story open(ExperimentHome home) throws IOException {
    return open(new LevelDbJournal(home));
  }

  /** Opens, or begins, the story in a journal. */
  static Story open(Journal journal) throws IOException {
    return new Story(journal, true);
  }

  /** As {@link #open}, but leaves it to the system when events reach the disk. */
  static Story openHasty(ExperimentHome home) throws IOException {
    return new Story(new LevelDbJournal(home), false);
  }

  /** Writes the lives of so many more children, the first with this id. */
  void write(long firstChild, int count) throws IOException {
    SplittableRandom random = new SplittableRandom(firstChild);
    for (children = firstChild; children < firstChild + count; children++) {
      long id = children;
      if (living.size() < POPULATION) {
        tell(new PopulationEvent.InitialAssigned(AT, id, random.nextLong(), "worker-1"));
      } else {
        long killed = living.removeFirst();
        StreamHead decided = tell(new PopulationEvent.TournamentHeld(AT, killed, living.getFirst(),
            OptionalLong.of(killed), OptionalLong.of(living.getFirst()), id, random.nextLong(),
            MutationSettings.paper(), "worker-1"));
        tell(killed, new IndividualEvent.Killed(AT, decided.sequence()));
      }
      tell(id, new IndividualEvent.Conceived(AT, id, OptionalLong.empty(), 0, List.of(MutationKind.IDENTITY),
          "{\"genotype\":" + random.nextLong() + "}", true, 1000));
      if (random.nextInt(10) == 0) {
        StreamHead failed = tell(id, new IndividualEvent.Failed(AT, 1, "DIVERGED", "NaN", 1e9, "worker-1"));
        tell(new PopulationEvent.ChildFailed(AT, id, 1, "DIVERGED", "NaN", 1e9, failed));
      } else {
        String weights = String.format("%016x", random.nextLong()).repeat(4);
        StreamHead trained = tell(id, new IndividualEvent.Trained(AT, 1, random.nextDouble(), weights, 1e9,
            List.of(new IndividualEvent.CurvePoint(100, random.nextDouble(), 0.5)), 1000, "worker-1"));
        tell(new PopulationEvent.ChildTrained(AT, id, 1, random.nextDouble(), weights, 1e9, 1000, trained));
        living.add(id);
      }
    }
  }

  /** Appends an event to the spine and one to a biography that nobody is told of. */
  void writeUnacknowledged(long child) {
    Map<String, StreamHead> before = Map.copyOf(acknowledged);
    tell(child, new IndividualEvent.AttemptFenced(AT, 2));
    append(spine, StreamName.spine(EXPERIMENT), EventCodec.encode(new PopulationEvent.TestRead(AT, child, 0.5)));
    acknowledged.keySet().retainAll(before.keySet());
    acknowledged.putAll(before);
  }

  /** The head of every stream that was written to or asked for, as it was acknowledged. */
  Map<String, StreamHead> acknowledged() {
    return acknowledged;
  }

  /** The head that a stream recovers to. */
  StreamHead recovered(String name) throws IOException {
    return append(open(name), name, new byte[0]);
  }

  private StreamHead tell(PopulationEvent event) throws IOException {
    StreamHead next = append(spine, StreamName.spine(EXPERIMENT), EventCodec.encode(event));
    head.record(next);
    return next;
  }

  private StreamHead tell(long id, IndividualEvent event) {
    String name = StreamName.biography(id);
    return append(biographies.computeIfAbsent(id, same -> open(name)), name, EventCodec.encode(event));
  }

  private StreamHead append(ActorRef<Chronicle.Append> chronicle, String name, byte[] event) {
    StreamHead next = AskPattern.<Chronicle.Append, StreamHead>ask(
        chronicle, replyTo -> new Chronicle.Append(event, replyTo), patience, system.scheduler())
        .toCompletableFuture().join();
    acknowledged.put(name, next);
    return next;
  }

  private ActorRef<Chronicle.Append> open(String name) {
    return AskPattern.<SpawnProtocol.Command, ActorRef<Chronicle.Append>>ask(
        system, replyTo -> new SpawnProtocol.Spawn<>(new Chronicle(name), "", Props.empty(), replyTo),
        patience, system.scheduler()).toCompletableFuture().join();
  }

  @Override
  public void close() throws IOException {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
    head.close();
  }
}
