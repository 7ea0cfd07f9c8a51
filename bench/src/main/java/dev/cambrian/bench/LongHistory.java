package dev.cambrian.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a step of evolution costs when many went before: one experiment on 100 bits, and at every power of ten of
 * individuals the steps per second, the processor time of a step, and the heap that is in use after a collection.
 *
 * <p>Usage: {@code LongHistory HOME WORKERS INDIVIDUALS}; the experiment stays in HOME, for {@link HistorySpeed}.
 */
public final class LongHistory {
  private static final long FIRST = 1_000;

  /** Steps over which one is measured. */
  private static final long WINDOW = 5_000;

  /** Individuals of another experiment that runs first, until the code is compiled. */
  private static final long WARM = 20_000;

  private static final long MOMENT_MILLIS = 20;

  private final BitsExperiment experiment;
  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private LongHistory(BitsExperiment experiment) {
    this.experiment = experiment;
  }

  /** Prints one line for each power of ten. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 3) {
      System.err.println("usage: LongHistory HOME WORKERS INDIVIDUALS");
      System.exit(2);
    }
    int workers = Integer.parseInt(arguments[1]);
    try (BitsExperiment first = BitsExperiment.start(Files.createTempDirectory("warm-"), workers, "alive")) {
      new LongHistory(first).await(WARM);
    }
    Path home = Files.createDirectories(Path.of(arguments[0]));
    try (BitsExperiment experiment = BitsExperiment.start(home, workers, "alive")) {
      LongHistory bench = new LongHistory(experiment);
      for (long individuals = FIRST; individuals <= Long.parseLong(arguments[2]); individuals *= 10) {
        bench.measure(individuals);
      }
    }
    System.exit(0);
  }

  private void measure(long individuals) throws Exception {
    await(individuals);
    long from = experiment.individuals();
    long cpu = process.getProcessCpuTime();
    long began = System.nanoTime();
    await(from + WINDOW);
    double steps = experiment.individuals() - from;
    double seconds = (System.nanoTime() - began) / 1e9;
    double millis = (process.getProcessCpuTime() - cpu) / 1e6;
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(Locale.ROOT, "%,d individuals: %.0f steps/s, %.3f ms of processor time a step; heap %d MiB%n",
        individuals, steps / seconds, millis / steps, (runtime.totalMemory() - runtime.freeMemory()) >> 20);
  }

  private void await(long individuals) throws Exception {
    while (experiment.individuals() < individuals) {
      Thread.sleep(MOMENT_MILLIS);
    }
  }
}
