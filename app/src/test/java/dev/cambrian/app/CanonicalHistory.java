package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A history as it is compared with another one: one event a line, the spine and then the biographies. */
final class CanonicalHistory {
  private CanonicalHistory() {}

  /** Without clocks, durations, places in a folder, and what is chained to them. */
  static List<String> of(CrashHistory history, Path folder) {
    List<String> lines = new ArrayList<>();
    for (PopulationEvent event : history.events()) {
      lines.add("spine " + canonical(event, folder));
    }
    for (long id : history.biographies().keySet()) {
      for (IndividualEvent event : history.biography(id)) {
        lines.add(id + " " + canonical(event, folder));
      }
    }
    return lines;
  }

  private static String canonical(Object event, Path folder) {
    return event.toString()
        .replaceAll(folder + "/[a-z]+", "")
        .replaceAll("\\bat=[^,\\]]*", "at")
        .replaceAll("tookMillis=\\d+", "took")
        .replaceAll("\\bhash=[0-9a-f]{64}", "hash");
  }

  static boolean isNewAttempt(String line) {
    return Stream.of("Resumed[", "Reassigned[", "AttemptFenced[").anyMatch(line::contains);
  }

  private static boolean isBookkeeping(String line) {
    return Stream.of("Forked[", "KillsAcknowledged[", "WeightsCollected[").anyMatch(line::contains);
  }

  /**
   * Without what an interruption or a fork adds, and without the numbers of attempts and events, which that shifts.
   */
  static List<String> withoutAttempts(List<String> history) {
    return history.stream()
        .filter(line -> !isNewAttempt(line) && !isBookkeeping(line))
        .map(line -> line.replaceAll("attempt=\\d+", "attempt").replaceAll("sequence=\\d+", "sequence")
            .replaceAll("event=\\d+", "event"))
        .toList();
  }

  static void assertSame(List<String> expected, List<String> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      assertEquals(expected.get(i), actual.get(i), "line " + (i + 1));
    }
    assertEquals(expected.size(), actual.size());
  }
}
