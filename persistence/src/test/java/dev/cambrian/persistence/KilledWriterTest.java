package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes a journal, killed at random instants, again and again on the same home. */
class KilledWriterTest {
  @TempDir Path directory;

  /** Writes until it is killed, and prints the head of a stream whenever one is acknowledged. */
  public static final class Writer {
    public static void main(String[] arguments) throws IOException {
      ExperimentHome home = new ExperimentHome(Path.of(arguments[0]));
      HomeLock lock = HomeLock.take(home);
      try (Story story = Story.open(home)) {
        for (long child = Long.parseLong(arguments[1]); ; child++) {
          story.write(child, 1);
          story.acknowledged().forEach(
              (name, head) -> System.out.println(name + " " + head.sequence() + " " + head.hash() + " ."));
          System.out.flush();
        }
      } finally {
        lock.close();
      }
    }
  }

  @Test
  void killedThreeTimes_losesNothingThatWasAcknowledged() throws Exception {
    kill(3, 1);
  }

  @Tag("long")
  @Test
  void killedThirtyTimes_losesNothingThatWasAcknowledged() throws Exception {
    kill(30, 2);
  }

  private void kill(int times, long seed) throws Exception {
    ExperimentHome home = new ExperimentHome(directory);
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, StreamHead> acknowledged = new HashMap<>();
    for (int run = 0; run < times; run++) {
      Process writer = ChildJvm.start(Writer.class, directory.toString(), Long.toString(1 + run * 100_000L));
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(writer.getInputStream()))) {
        take(lines.readLine(), acknowledged);
        Thread.sleep(random.nextInt(400));
        writer.toHandle().destroyForcibly();
        lines.lines().forEach(line -> take(line, acknowledged));
      }
      writer.waitFor();
      JournalVerdict verdict = JournalCheck.check(home);
      assertFalse(verdict instanceof JournalVerdict.Lost, verdict::toString);
      StreamHead spine = acknowledged.get(StreamName.spine(Story.EXPERIMENT));
      assertTrue(verdict.spine().sequence() >= spine.sequence());
      Oracle.assertHolds(home, acknowledged);
    }
    assertTrue(acknowledged.size() > times);
  }

  private static void take(String line, Map<String, StreamHead> acknowledged) {
    String[] parts = line.split(" ");
    if (parts.length == 4) {
      acknowledged.put(parts[0], new StreamHead(Long.parseLong(parts[1]), parts[2]));
    }
  }
}
