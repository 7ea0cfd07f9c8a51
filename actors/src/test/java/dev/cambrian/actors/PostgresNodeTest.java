package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.cambrian.persistence.EmbeddedServer;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.JournalVerdict;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.PostgresJournal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Evolution over a real PostgreSQL, and what becomes of it while that is away, or while two evolve at once. */
class PostgresNodeTest {
  private static final int SNAPSHOT_EVERY = 20;
  private static final Until FOREVER = Until.individuals(1_000_000);

  @RegisterExtension static final EmbeddedServer DATABASE = new EmbeddedServer();

  @TempDir Path directory;

  private Journal journal(String machine, String experiment) throws IOException {
    ExperimentHome home = new ExperimentHome(directory.resolve(machine).resolve(experiment));
    return PostgresJournal.of(home, DATABASE.server());
  }

  private EvolutionNode start(Journal journal, int workers, Until until) throws Exception {
    Path home = journal.home().directory();
    NodeSettings settings = new NodeSettings(
        home.getFileName().toString(), Experiments.settings(1, 10), home, workers, until);
    // The weights lie beside the homes, where every machine finds them.
    Equipment equipment =
        Experiments.equipment(directory.resolve("shared"), new TrickEngine(training -> Thread.sleep(20)));
    return EvolutionNode.start(settings, equipment,
        ConfigFactory.parseString("cambrian.actors { snapshot-every = " + SNAPSHOT_EVERY + ", retry = 1s, lease = 5s }"));
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
  }

  private static void eventually(Condition condition) throws Exception {
    Instant end = Instant.now().plusSeconds(60);
    while (!condition.holds()) {
      assertTrue(Instant.now().isBefore(end), "it should have happened by now");
      Thread.sleep(50);
    }
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Every record follows the one before, every snapshot agrees, and no child's result was taken twice. */
  private static long audited(Journal journal, Optional<StateDigest> known) throws IOException {
    assertInstanceOf(JournalVerdict.Sound.class, journal.check());
    try (JournalReader history = journal.read()) {
      Verification verification = Verification.of(history, known);
      assertTrue(verification.holds(), verification::toString);
      assertTrue(verification.snapshots().size() >= history.last() / SNAPSHOT_EVERY / 2, verification::toString);
      Set<Long> ended = new HashSet<>();
      history.spine((link, event) -> {
        if (event instanceof PopulationEvent.ChildTrained trained) {
          assertTrue(ended.add(trained.child()), "child " + trained.child() + " ended twice");
        }
      });
      return ended.size();
    }
  }

  @Test
  void serverThatIsAwayForAWhile_pausesEvolution_whichSaysSoAndGoesOn() throws Exception {
    Journal journal = journal("a", "outage");
    StateDigest before;
    try (Closeable held = journal.hold(false); EvolutionNode node = start(journal, 2, Until.individuals(120))) {
      eventually(() -> answer(node.status()).individuals() > 30);
      before = answer(node.digest());
      DATABASE.stop();
      try {
        eventually(() -> node.outage().isPresent());
        Status paused = answer(node.status());
        assertEquals(Status.State.PAUSED, paused.state());
        assertTrue(paused.event() <= before.event() + 200);
        // Longer than the first tries to go on.
        Thread.sleep(3000);
        assertTrue(node.outage().isPresent());
        assertTrue(!node.finished().toCompletableFuture().isDone(), "an outage is not the end");
      } finally {
        DATABASE.startAgain();
      }
      Status end = answer(node.finished());
      assertEquals(120, end.individuals());
      assertEquals(Optional.empty(), node.outage());
    }
    assertEquals(120, audited(journal, Optional.of(before)));
  }

  @Test
  void twoPopulationsAtOnce_neverBothHaveTheirEventsAccepted() throws Exception {
    Journal one = journal("a", "contended");
    Journal other = journal("b", "contended");
    try (Closeable first = one.hold(true); Closeable second = other.hold(true);
        EvolutionNode node = start(one, 1, FOREVER);
        EvolutionNode rival = start(other, 1, FOREVER)) {
      // Who is ahead may stay so for long, for the other reads what is written meanwhile: each is held back once.
      for (EvolutionNode heldBack : List.of(node, rival)) {
        answer(heldBack.pause());
        long before = written(one, PopulationEvent.class);
        eventually(() -> written(one, PopulationEvent.class) > before + 60);
        answer(heldBack.unpause());
      }
      assertTrue(written(one, PopulationEvent.Resumed.class) > 0, "both wrote");
    }
    try (Closeable held = one.hold(false); EvolutionNode node = start(one, 1, Until.individuals(1))) {
      assertEquals(answer(node.finished()).individuals(), audited(one, Optional.empty()));
    }
  }

  private static long written(Journal journal, Class<? extends PopulationEvent> kind) throws IOException {
    long[] count = {0};
    try (JournalReader reader = journal.read()) {
      reader.spine((link, event) -> count[0] += kind.isInstance(event) ? 1 : 0);
    }
    return count[0];
  }

  @Test
  void databaseThatTakesNoMore_isToldAsFull_andEvolutionGoesOnWhenItDoes() throws Exception {
    Journal journal = journal("a", "full");
    try (Closeable held = journal.hold(false); EvolutionNode node = start(journal, 2, Until.individuals(60));
        Connection connection = DriverManager.getConnection(DATABASE.server().url(), "postgres", "");
        Statement statement = connection.createStatement()) {
      eventually(() -> answer(node.status()).individuals() > 15);
      statement.execute("CREATE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN"
          + " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';"
          + " END $$ LANGUAGE plpgsql");
      statement.execute("CREATE TRIGGER full_disk BEFORE INSERT ON \"cambrian_full\".event_journal"
          + " EXECUTE FUNCTION full_disk()");
      eventually(() -> node.outage().isPresent());
      assertTrue(node.outage().get().startsWith("its disk is full"), node.outage()::get);
      Thread.sleep(2000);
      assertEquals(Status.State.PAUSED, answer(node.status()).state());
      statement.execute("DROP TRIGGER full_disk ON \"cambrian_full\".event_journal");
      assertEquals(60, answer(node.finished()).individuals());
    }
    assertEquals(60, audited(journal, Optional.empty()));
  }
}
