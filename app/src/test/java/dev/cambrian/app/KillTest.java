package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one experiment, and Ctrl-C. */
class KillTest {
  private static final Duration FEW_SECONDS = Duration.ofSeconds(15);
  private static final int SIGINT = 2;

  @TempDir Path folder;

  @Test
  void secondProcessOnTheSameExperiment_isRefusedWhileTheFirstGoesOn() throws Exception {
    try (CrashHarness harness = new CrashHarness(folder, "shared", 100)) {
      CrashHarness.Run first = harness.evolve(CrashHarness.FOREVER);
      first.firstLine();
      CrashHarness.Run second = harness.evolve("individuals=10");
      assertEquals(1, second.exitCode());
      assertEquals("cambrian: shared in " + folder.resolve("home") + " is being evolved by process "
          + first.process().pid() + "; 'cambrian status shared' tells how far it is." + System.lineSeparator(),
          second.err());
      long event = lastEvent(first);
      Instant end = Instant.now().plus(FEW_SECONDS);
      while (lastEvent(first) <= event && Instant.now().isBefore(end)) {
        Thread.sleep(20);
      }
      assertTrue(lastEvent(first) > event, first::toString);
      first.kill();
      harness.audit(first);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interrupted_endsCleanlyWithinSecondsAndGoesOn() throws Exception {
    assumeFalse(ignoresInterrupts(), "this process ignores SIGINT, and so does whatever it starts");
    try (CrashHarness harness = new CrashHarness(folder, "interrupted", 100)) {
      CrashHarness.Run run = harness.evolve(CrashHarness.FOREVER);
      run.firstLine();
      Thread.sleep(500);
      Instant interrupted = Instant.now();
      assertEquals(0, new ProcessBuilder("kill", "-INT", String.valueOf(run.process().pid())).start().waitFor());
      assertEquals(130, run.exitCode());
      Duration took = Duration.between(interrupted, Instant.now());
      assertTrue(took.compareTo(FEW_SECONDS) < 0, () -> "it took " + took);
      assertTrue(run.err().contains("Stopped interrupted at event "), run::err);
      assertFalse(run.err().contains("\tat "), run::err);
      CrashAudit audit = harness.audit(run);
      harness.finish(audit.state().conceived() + 20);
    }
  }

  /** A shell starts what runs in its background so. */
  private static boolean ignoresInterrupts() throws Exception {
    Path status = Path.of("/proc/self/status");
    if (Files.notExists(status)) {
      return false;
    }
    String ignored = Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow().substring("SigIgn:".length()).strip();
    return new BigInteger(ignored, 16).testBit(SIGINT - 1);
  }

  private static long lastEvent(CrashHarness.Run run) {
    return run.lines().stream().mapToLong(line -> line.path("event").asLong()).max().orElse(0);
  }
}
