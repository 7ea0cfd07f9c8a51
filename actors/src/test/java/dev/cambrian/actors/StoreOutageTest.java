package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.FolderWeightStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A weight store that is away for a while, as a shared disk may be, under workers that need it. */
class StoreOutageTest {
  private static final int INDIVIDUALS = 60;

  @TempDir Path directory;
  private Path home;
  private HomeLock lock;

  @BeforeEach
  void take() throws Exception {
    home = directory.resolve("run");
    lock = HomeLock.take(new ExperimentHome(home));
  }

  @AfterEach
  void giveBack() throws Exception {
    lock.close();
  }

  private EvolutionNode start(TrickEngine engine) throws Exception {
    return EvolutionNode.start(
        new NodeSettings("run", Experiments.settings(1, 10), home, 2, Until.individuals(INDIVIDUALS)),
        Experiments.equipment(home, engine));
  }

  private void away() throws IOException {
    Files.move(home.resolve("weights"), directory.resolve("unmounted"));
  }

  private void back() throws IOException {
    Files.move(directory.resolve("unmounted"), home.resolve("weights"));
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void whileTheStoreIsAway_workersWait_thenGoOn_andNobodyFailsOrTrainsTwice() throws Exception {
    TrickEngine engine = new TrickEngine(training -> {
      if (training == 30) {
        try {
          away();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    });
    try (EvolutionNode node = start(engine)) {
      Colony.eventually(() -> engine.trainings() >= 30);
      Thread.sleep(1500);
      int waiting = engine.trainings();
      assertTrue(waiting < 40, "nobody trains what cannot be stored: " + waiting);
      assertEquals(Status.State.RUNNING, answer(node.status()).state());
      back();
      assertEquals(0, answer(node.finished()).failed());
    }
    History history = History.of(home);
    history.check(new FolderWeightStore(home.resolve("weights")));
    assertEquals(INDIVIDUALS, engine.trainings());
    assertEquals(0, history.events(PopulationEvent.ChildFailed.class).size());
    assertEquals(0, history.events(PopulationEvent.Reassigned.class).size());
  }

  @Test
  void stoppedWhileTheStoreIsAway_endsAtOnce_andGoesOnLater() throws Exception {
    TrickEngine engine = new TrickEngine(any -> { });
    try (EvolutionNode node = start(engine)) {
      Colony.eventually(() -> engine.trainings() >= 5);
      away();
      Thread.sleep(1000);
      long began = System.nanoTime();
      node.close();
      assertTrue(System.nanoTime() - began < 5e9, "the waiting is interrupted");
    }
    back();
    try (EvolutionNode node = start(engine)) {
      assertEquals(0, answer(node.finished()).failed());
    }
    History.of(home).check(new FolderWeightStore(home.resolve("weights")));
  }
}
