package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.actors.CrashPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant 5: same seed, same configuration, one worker: the same history, event for event. */
class DeterminismTest {
  private static final String NAME = "same";

  @TempDir Path folder;

  @Test
  void surrogateInTwoHomes_haveTheSameHistory() throws Exception {
    List<String> first = history(evolved("first", 80));
    List<String> second = history(evolved("second", 80));
    assertTrue(first.size() > 300, () -> "only " + first.size() + " events");
    CanonicalHistory.assertSame(first, second);
  }

  /** Randomness is derived from the seed and the event, so a second attempt makes and trains the same child. */
  @Test
  void killedAndResumed_hasTheSameHistoryButForTheNewAttempts() throws Exception {
    List<String> whole = history(evolved("whole", 60));
    try (CrashHarness harness = harness("killed")) {
      for (String crash : List.of("REPORT_ANSWERED:20", "CONCEIVE_PERSISTED:10", "TRAINED_PERSISTED:15")) {
        CrashHarness.Run run = harness.evolve("individuals=60", "-D" + CrashPoint.PROPERTY + "=" + crash);
        assertEquals(137, run.exitCode(), run::toString);
      }
      harness.finish(60);
      List<String> resumed = history(CrashHistory.of(harness.home()));
      assertTrue(resumed.stream().anyMatch(CanonicalHistory::isNewAttempt), resumed.toString());
      CanonicalHistory.assertSame(
          CanonicalHistory.withoutAttempts(whole), CanonicalHistory.withoutAttempts(resumed));
    }
  }

  @Test
  void libtorchInTwoHomes_haveTheSameHistory() throws Exception {
    String[] options = {
      "--engine", "libtorch", "--dataset", "shapes", "--population", "4", "--steps", "4", "--batch", "16"
    };
    List<List<String>> histories = new ArrayList<>();
    for (String home : List.of("first", "second")) {
      try (CrashHarness harness = harness(home).with(options)) {
        CrashHarness.Run run = harness.evolve("individuals=8");
        assertEquals(0, run.exitCode(), run::toString);
        histories.add(history(CrashHistory.of(harness.home())));
      }
    }
    CanonicalHistory.assertSame(histories.get(0), histories.get(1));
  }

  private CrashHarness harness(String home) throws Exception {
    return new CrashHarness(Files.createDirectories(folder.resolve(home)), NAME, 1000).workers(1);
  }

  private CrashHistory evolved(String home, long individuals) throws Exception {
    try (CrashHarness harness = harness(home)) {
      return harness.finish(individuals).history();
    }
  }

  private List<String> history(CrashHistory history) {
    return CanonicalHistory.of(history, folder);
  }
}
