package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.persistence.JournalProtocol;
import akka.persistence.Persistence;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system may end at any moment, also while its journal is read. */
class OrderlyLeveldbJournalTest {
  @TempDir Path directory;

  /** Ends a system amidst many recoveries, again and again: in a process of its own, since LevelDB would abort it. */
  public static final class EndedAmidstRecoveries {
    private static final int ROUNDS = 20;
    private static final int READERS = 40;

    public static void main(String[] arguments) throws Exception {
      ExperimentHome home = new ExperimentHome(Path.of(arguments[0]));
      try (HomeLock lock = HomeLock.take(home); Story story = Story.openHasty(home)) {
        story.write(1, 300);
      }
      Config config = new LevelDbJournal(home).akkaConfig()
          .withFallback(ConfigFactory.parseString("akka { loglevel = OFF, stdout-loglevel = OFF }"))
          .withFallback(ConfigFactory.parseResources("persistence.conf"))
          .withFallback(ConfigFactory.load())
          .resolve();
      SplittableRandom random = new SplittableRandom(1);
      for (int round = 0; round < ROUNDS; round++) {
        ActorSystem system = ActorSystem.create("ended", config);
        ActorRef journal = ((Persistence) Persistence.apply(system)).journalFor("", ConfigFactory.empty());
        for (int reader = 0; reader < READERS; reader++) {
          journal.tell(new JournalProtocol.ReplayMessages(
              1, Long.MAX_VALUE, Long.MAX_VALUE, StreamName.spine(Story.EXPERIMENT), system.deadLetters()),
              system.deadLetters());
        }
        Thread.sleep(random.nextInt(60));
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void systemThatEndsWhileItsJournalIsRead_endsWithoutHarm() throws Exception {
    Process ended = ChildJvm.start(EndedAmidstRecoveries.class, directory.toString());
    if (!ended.waitFor(60, TimeUnit.SECONDS)) {
      ended.destroyForcibly();
    }
    assertEquals(0, ended.waitFor(), "the process that ended its systems");
  }
}
