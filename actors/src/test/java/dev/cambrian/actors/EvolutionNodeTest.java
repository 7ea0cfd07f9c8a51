package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HomeLock;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvolutionNodeTest {

  @TempDir Path directory;

  @Test
  void evolution_untilSoManyIndividuals_hasThatManyAndNobodyIsLost() throws Exception {
    Path home = directory.resolve("run");
    try (HomeLock lock = HomeLock.take(new ExperimentHome(home));
        EvolutionNode node = EvolutionNode.start(
            new NodeSettings("run", Experiments.settings(1, 10), home, 2, Until.individuals(200)),
            Experiments.equipment(home))) {
      Status status = node.finished().toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertEquals(200, status.individuals());
      assertEquals(Status.State.FINISHED, status.state());
      assertEquals(0, status.training());
      assertEquals(200, status.alive() + status.dead() + status.failed());
      assertTrue(status.alive() <= 10);
    }
  }
}
