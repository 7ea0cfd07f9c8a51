package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.training.Engine;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.Images;
import dev.cambrian.training.SurrogateEngine;
import dev.cambrian.training.TrainingFailed;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvolutionNodeTest {

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

  private static Engine surrogate() {
    return new SurrogateEngine(Clock.systemUTC());
  }

  private EvolutionNode start(int workers, Until until, Engine engine) throws Exception {
    return start(Experiments.settings(1, 10), workers, until, engine);
  }

  private EvolutionNode start(ExperimentSettings settings, int workers, Until until, Engine engine) throws Exception {
    return EvolutionNode.start(
        new NodeSettings("run", settings, home, workers, until), Experiments.equipment(home, engine));
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private History checked() throws Exception {
    History history = History.of(home);
    history.check(new FolderWeightStore(home.resolve("weights")));
    return history;
  }

  @Test
  void evolution_untilSoManyIndividuals_hasThatManyAndNobodyIsLost() throws Exception {
    try (EvolutionNode node = start(2, Until.individuals(200), surrogate())) {
      Status status = answer(node.finished());
      assertEquals(200, status.individuals());
      assertEquals(Status.State.FINISHED, status.state());
      assertEquals(10, status.alive());
      assertTrue(status.best().orElseThrow().fitness() > 0.5, "selection works");
    }
    History history = checked();
    assertEquals(190, history.population().dead());
    assertEquals(190, history.biographies().values().stream()
        .filter(events -> events.stream().anyMatch(IndividualEvent.Killed.class::isInstance))
        .count());
  }

  @Test
  void stoppedAgainAndAgain_goesOnWhereItWas() throws Exception {
    for (int run = 1; run <= 4; run++) {
      TrickEngine engine = new TrickEngine(training -> Thread.sleep(training > 12 ? 60_000 : 1));
      try (EvolutionNode node = start(2, Until.individuals(100), engine)) {
        Colony.eventually(() -> engine.trainings() >= 14);
        long began = System.nanoTime();
        node.close();
        assertTrue(System.nanoTime() - began < 5e9, "trainings in flight are dropped");
      }
      assertEquals(2, checked().population().training());
    }
    try (EvolutionNode node = start(2, Until.individuals(100), surrogate())) {
      answer(node.finished());
    }
    History history = checked();
    assertEquals(100, history.population().conceived());
    assertEquals(4, history.events(PopulationEvent.Resumed.class).size());
    assertEquals(8, history.events(PopulationEvent.Reassigned.class).size());
  }

  @Test
  void sameSeedOneWorkerTwoHomes_sameHistoryEventForEvent() throws Exception {
    try (EvolutionNode node = start(1, Until.individuals(60), surrogate())) {
      answer(node.finished());
    }
    List<String> first = checked().canonical();
    home = directory.resolve("again");
    try (HomeLock other = HomeLock.take(new ExperimentHome(home));
        EvolutionNode node = start(1, Until.individuals(60), surrogate())) {
      answer(node.finished());
    }
    assertEquals(first, checked().canonical());
    home = directory.resolve("other");
    try (HomeLock other = HomeLock.take(new ExperimentHome(home));
        EvolutionNode node = start(Experiments.settings(2, 10), 1, Until.individuals(60), surrogate())) {
      answer(node.finished());
    }
    assertFalse(first.equals(checked().canonical()), "another seed gives another history");
  }

  @Test
  void deviceWithMemoryForOneTraining_holdsOneFromThenOn_andNoChildFails() throws Exception {
    AtomicInteger training = new AtomicInteger();
    TrickEngine engine = new TrickEngine(number -> {
      boolean crowded = training.incrementAndGet() > 1;
      try {
        Thread.sleep(20);
        if (crowded) {
          throw new TrainingFailed(TrainingFailed.Reason.OUT_OF_MEMORY, "no memory left");
        }
      } finally {
        training.decrementAndGet();
      }
    });
    try (EvolutionNode node = start(3, Until.individuals(40), engine)) {
      Status status = answer(node.finished());
      assertEquals(40, status.individuals());
      assertEquals(0, status.failed());
      assertTrue(engine.trainings() > 40 && engine.trainings() <= 44, "trainings: " + engine.trainings());
    }
    checked();
  }

  @Test
  void childWithoutMemoryEvenAlone_fails() throws Exception {
    TrickEngine engine = new TrickEngine(training -> {
      throw new TrainingFailed(TrainingFailed.Reason.OUT_OF_MEMORY, "no memory left");
    });
    try (EvolutionNode node = start(2, Until.individuals(12), engine)) {
      answer(node.finished());
    }
    assertEquals(Set.of("OUT_OF_MEMORY"), checked().events(PopulationEvent.ChildFailed.class).stream()
        .map(PopulationEvent.ChildFailed::reason).collect(Collectors.toSet()));
  }

  @Test
  void whateverTheEngineThrows_isAFailedChildWithAReason() throws Exception {
    TrickEngine engine = new TrickEngine(training -> {
      switch (training % 7) {
        case 1 -> throw new TrainingFailed(TrainingFailed.Reason.DIVERGED, "the loss is NaN");
        case 2 -> throw new IllegalStateException("a broken engine");
        case 3 -> throw new OutOfMemoryError("thrown by the test");
        case 4 -> throw new NoClassDefFoundError("thrown by the test");
        default -> { }
      }
    });
    try (EvolutionNode node = start(2, Until.individuals(40), engine)) {
      Status status = answer(node.finished());
      assertTrue(status.failed() >= 20 && status.failed() <= 25, status.toString());
      assertTrue(status.alive() >= 8, "who failed took nobody's place for ever");
    }
    Map<String, Long> reasons = checked().events(PopulationEvent.ChildFailed.class).stream()
        .collect(Collectors.groupingBy(PopulationEvent.ChildFailed::reason, Collectors.counting()));
    assertEquals(Set.of("DIVERGED", "ENGINE_ERROR", "OUT_OF_MEMORY"), reasons.keySet());
  }

  @Test
  void childOverTheLimits_failsBeforeItIsTrained() throws Exception {
    ExperimentSettings small = Experiments.settings(1, 10);
    ExperimentSettings.Training training = small.training();
    ExperimentSettings none = new ExperimentSettings(small.seed(), small.space(), small.strategy(), small.population(),
        small.mutation(), small.inheritance(),
        new ExperimentSettings.Training(training.engine(), training.steps(), training.batch(), training.momentum(),
            training.weightDecay(), training.precision(), training.augmentation(), 5, training.maxMemoryMib(),
            training.maxFlops()),
        small.data(), small.keep());
    TrickEngine engine = new TrickEngine(any -> { });
    try (EvolutionNode node = start(none, 2, Until.individuals(5), engine)) {
      assertEquals(5, answer(node.finished()).failed());
    }
    assertEquals(0, engine.trainings());
    assertTrue(checked().events(PopulationEvent.ChildFailed.class).stream()
        .allMatch(failed -> failed.reason().equals("TOO_LARGE") && failed.message().contains("limit")));
  }

  @Test
  void weightsThatAreGone_failTheChildrenAndNobodyHangs() throws Exception {
    try (EvolutionNode node = start(1, Until.individuals(10), surrogate())) {
      answer(node.finished());
    }
    try (Stream<Path> files = Files.walk(home.resolve("weights"))) {
      files.map(Path::toFile).filter(File::isFile).forEach(File::delete);
    }
    try (EvolutionNode node = start(1, Until.individuals(15), surrogate())) {
      assertTrue(answer(node.finished()).failed() > 0);
    }
    assertTrue(History.of(home).events(PopulationEvent.ChildFailed.class).stream()
        .allMatch(failed -> failed.reason().equals("WEIGHTS_LOST") && failed.message().contains("missing")));
  }

  @Test
  void finishedExperiment_openedAgain_isFinishedAndUnchanged() throws Exception {
    try (EvolutionNode node = start(2, Until.individuals(12), surrogate())) {
      answer(node.finished());
    }
    int events = History.of(home).spine().size();
    try (EvolutionNode node = start(2, Until.individuals(12), surrogate())) {
      assertEquals(Status.State.FINISHED, answer(node.finished()).state());
    }
    assertEquals(events, History.of(home).spine().size());
  }

  @Test
  void testSet_isReadOncePerIndividual_andKept() throws Exception {
    TrickEngine engine = new TrickEngine(any -> { });
    Images test = Experiments.data().validation();
    try (EvolutionNode node = start(2, Until.individuals(12), engine)) {
      Status.Best best = answer(node.finished()).best().orElseThrow();
      double read = answer(node.readTest(best, () -> test));
      assertEquals(read, answer(node.readTest(best, () -> {
        throw new AssertionError("the test set is asked for a second time");
      })));
      assertEquals(1, engine.readings());
      assertEquals(read, answer(node.status()).best().orElseThrow().testAccuracy().orElseThrow());
    }
    assertEquals(1, checked().events(PopulationEvent.TestRead.class).size());
  }

  @Test
  void bestFromBeforeAReset_isReadWithTheWeightsThatMadeItTheBest() throws Exception {
    Status.Best best;
    try (EvolutionNode node = start(2, Until.individuals(40), surrogate())) {
      best = answer(node.finished()).best().orElseThrow();
      answer(node.control("", new Control.ResetWeights()));
    }
    try (EvolutionNode node = start(2, Until.individuals(40), surrogate())) {
      assertEquals(best, answer(node.finished()).best().orElseThrow(), "nobody is as good in one training");
      Biography biography = answer(node.individual(best.id()));
      assertEquals(best.fitness(), biography.training(best.weights()).orElseThrow().fitness());
      assertFalse(biography.trained().orElseThrow().weights().equals(best.weights()), "it has trained again");
      try (Stream<Path> files = Files.walk(home.resolve("weights"))) {
        files.map(Path::toFile).filter(file -> file.isFile() && !file.getName().startsWith(best.weights()))
            .forEach(File::delete);
      }
      assertTrue(answer(node.readTest(best, () -> Experiments.data().validation())) > 0);
    }
  }

  @Test
  void otherSettings_areRefusedInOneSentence_andTheHomeStaysAsItWas() throws Exception {
    try (EvolutionNode node = start(1, Until.individuals(3), surrogate())) {
      answer(node.finished());
    }
    List<String> before = History.of(home).canonical();
    CannotStart refused = assertThrows(CannotStart.class,
        () -> start(Experiments.settings(2, 10), 1, Until.individuals(3), surrogate()));
    assertTrue(refused.getMessage().contains("seed = 1, not 2"), refused.getMessage());
    assertEquals(before, History.of(home).canonical());
  }

  @Test
  void trainingOverTheTimeLimit_failsAsTooSlow_evenWhereItCannotBeInterrupted() throws Exception {
    TrickEngine engine = new TrickEngine(training -> {
      if (training == 2) {
        Thread.sleep(60_000);
      } else if (training == 4) {
        sleepThroughInterrupts();
      }
    });
    NodeSettings settings =
        new NodeSettings("run", Experiments.settings(1, 10), home, 1, Until.individuals(6));
    try (EvolutionNode node = EvolutionNode.start(settings, Experiments.equipment(home, engine),
        ConfigFactory.parseString("cambrian.actors { training-limit = 1s, retry = 1s }"))) {
      assertEquals(2, answer(node.finished()).failed());
    }
    assertTrue(checked().events(PopulationEvent.ChildFailed.class).stream()
        .allMatch(failed -> failed.reason().equals("TOO_SLOW")));
  }

  private static void sleepThroughInterrupts() {
    long end = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(100_000_000);
      Thread.interrupted();
    }
  }
}
