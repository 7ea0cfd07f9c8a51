package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cambrian.persistence.EmbeddedServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk under the database is full: evolution pauses, says so, and goes on when there is room again. {@code mvn verify
 * -Pchaos}, as root on Linux.
 */
@Tag("chaos")
@EnabledIf("dev.cambrian.app.SmallDisk#possible")
class FullDiskTest {
  private static final List<String> NODES = List.of("one");

  @Order(1) @RegisterExtension static final SmallDisk DISK = new SmallDisk(192);
  @Order(2) @RegisterExtension static final EmbeddedServer DATABASE = new EmbeddedServer(DISK.folder().resolve("data"));

  @TempDir Path folder;

  @Test
  void databaseWithoutRoom_pausesEvolution_whichSaysSoAndGoesOn() throws Exception {
    try (ClusterHarness cluster = new ClusterHarness(folder).on(DATABASE.server())) {
      CrashHarness.Run run = cluster.member("one", NODES, "population", "worker");
      ClusterHarness.eventually(() -> ClusterHarness.individuals(run) > 100, run);
      DISK.fill();
      run.untilSaid("Paused: the journal takes no events: its disk is full (");
      DISK.makeRoom();
      run.untilSaid("The journal takes events again: it goes on.");
      long then = ClusterHarness.individuals(run);
      ClusterHarness.eventually(() -> ClusterHarness.individuals(run) > then + 100, run);
      run.process().destroy();
      assertEquals(0, run.exitCode(), run::toString);
      cluster.experiment().audit(run);
    }
  }
}
