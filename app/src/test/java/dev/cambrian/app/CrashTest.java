package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariants 1 to 3 under {@code kill -9}: at random instants, audited after every one. */
class CrashTest {
  private static final int KILLS = 20;
  private static final int MOST_MILLIS = 700;
  /** Every so many kills, one hits the process while it starts. */
  private static final int EARLY = 4;

  @TempDir Path folder;

  @Test
  void killedTwentyTimesAtRandomInstants_everyAcknowledgedEventIsThereAndEvolutionGoesOn() throws Exception {
    Random random = new Random(20170303);
    try (CrashHarness harness = new CrashHarness(folder, "killed", 100)) {
      int startMillis = 0;
      long reached = 0;
      long conceived = 0;
      for (int kill = 0; kill < KILLS; kill++) {
        CrashHarness.Run run = harness.evolve(CrashHarness.FOREVER);
        if (kill % EARLY == EARLY - 1) {
          Thread.sleep(random.nextInt(startMillis));
        } else {
          Instant started = Instant.now();
          run.firstLine();
          startMillis = (int) Duration.between(started, Instant.now()).toMillis() + 1;
          Thread.sleep(random.nextInt(MOST_MILLIS));
        }
        run.kill();
        CrashAudit audit = harness.audit(run);
        long event = audit.state().head().sequence();
        assertTrue(event >= reached, "event " + event + " after event " + reached);
        reached = event;
        conceived = audit.state().conceived();
        harness.ageWeights();
      }
      CrashAudit ended = harness.finish(conceived + 40);
      assertEquals(Set.of(), ended.untoldDeaths(reached));

      ObjectNode status = harness.command("status", "--json").lines().get(0);
      assertEquals("finished", status.get("state").asText());
      ended.holds(status);
      ObjectNode best = harness.command("best", "--json").lines().get(0);
      assertEquals(ended.state().best().orElseThrow().id(), best.get("individual").asLong());
    }
  }
}
