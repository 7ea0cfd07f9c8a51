package dev.cambrian.bench;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Durable steps of evolution per second: the whole engine with its sharded workers, individuals, journal and weight
 * store, only the training replaced by a surrogate on 100 bits; and, in turns with it, the events per second that the
 * journal takes from one actor that does nothing else.
 *
 * <p>Usage: {@code DurableSteps FOLDER WORKERS SECONDS ROUNDS}; without fsync with the JVM's option {@code
 * -Dakka.persistence.journal.leveldb.fsync=off}.
 */
public final class DurableSteps {
  /** About the mean of a step's writes. */
  private static final int EVENT_BYTES = 500;

  /** A step's writes: the report with the next assignment, the conception, the result, the death. */
  private static final int WRITES = 4;

  private final Path folder;
  private final long millis;

  private DurableSteps(Path folder, long millis) {
    this.folder = folder;
    this.millis = millis;
  }

  /** Prints one line a round. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4) {
      System.err.println("usage: DurableSteps FOLDER WORKERS SECONDS ROUNDS");
      System.exit(2);
    }
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    DurableSteps bench = new DurableSteps(folder, 1000 * Long.parseLong(arguments[2]));
    for (int round = 1; round <= Integer.parseInt(arguments[3]); round++) {
      double appends = bench.appendsPerSecond();
      double steps = bench.stepsPerSecond(Integer.parseInt(arguments[1]));
      System.out.printf(Locale.ROOT,
          "round %d: %.0f steps/s; the journal alone %.0f events/s, by %d writes a step %.0f steps/s: ratio %.2f%n",
          round, steps, appends, WRITES, appends / WRITES, steps * WRITES / appends);
    }
    System.exit(0);
  }

  private double stepsPerSecond(int workers) throws Exception {
    Path directory = Files.createTempDirectory(folder, "steps-");
    try (BitsExperiment experiment = BitsExperiment.start(directory, workers, "all")) {
      Thread.sleep(millis / 2);
      long from = experiment.individuals();
      long began = System.nanoTime();
      Thread.sleep(millis);
      return (experiment.individuals() - from) / ((System.nanoTime() - began) / 1e9);
    } finally {
      delete(directory);
    }
  }

  private double appendsPerSecond() throws Exception {
    ExperimentHome home = new ExperimentHome(Files.createTempDirectory(folder, "appends-"));
    Config config = ConfigFactory.defaultOverrides()
        .withFallback(Journal.of(home).akkaConfig())
        .withFallback(ConfigFactory.parseResources("persistence.conf"))
        .withFallback(ConfigFactory.parseString("akka { loglevel = OFF, stdout-loglevel = OFF }"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
    AtomicLong appended = new AtomicLong();
    ActorSystem<Appender.Next> appender =
        ActorSystem.create(Appender.create(EVENT_BYTES, appended), "appender", config);
    try {
      Thread.sleep(millis / 2);
      long from = appended.get();
      long began = System.nanoTime();
      Thread.sleep(millis);
      return (appended.get() - from) / ((System.nanoTime() - began) / 1e9);
    } finally {
      appender.terminate();
      appender.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
      delete(home.directory());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
