package dev.cambrian.bench;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.actors.Equipment;
import dev.cambrian.actors.EvolutionNode;
import dev.cambrian.actors.NodeSettings;
import dev.cambrian.actors.Status;
import dev.cambrian.actors.Until;
import dev.cambrian.model.BitsSpace;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.training.BitsEngine;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.Images;
import dev.cambrian.training.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
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
  private static final int BITS = 100;
  private static final int CLASSES = 10;
  private static final int POPULATION = 100;

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
    ExperimentHome home = new ExperimentHome(Files.createTempDirectory(folder, "steps-"));
    Images none = new Images(1, 1, 1, new byte[CLASSES], new byte[CLASSES]);
    Split data = new Split(none, none, CLASSES, new float[1], new float[] {1});
    ExperimentSettings settings = new ExperimentSettings(1, "bits", "tournament", POPULATION,
        MutationSettings.paper(), true,
        new ExperimentSettings.Training("bits", 1, 1, 0, 0, "fp32", false, Long.MAX_VALUE, 1000, Double.MAX_VALUE),
        new ExperimentSettings.Data("none", "", "", 1), "all");
    Until never = new Until(
        OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    try (HomeLock lock = HomeLock.take(home)) {
      Equipment equipment = new Equipment(new BitsSpace(BITS, CLASSES), new BitsEngine(BITS, Clock.systemUTC()),
          new FolderWeightStore(home.weights()), data, Clock.systemUTC());
      try (EvolutionNode node = EvolutionNode.start(
          new NodeSettings("bits", settings, home.directory(), workers, never), equipment)) {
        Thread.sleep(millis / 2);
        long from = conceived(node);
        long began = System.nanoTime();
        Thread.sleep(millis);
        return (conceived(node) - from) / ((System.nanoTime() - began) / 1e9);
      }
    } finally {
      delete(home.directory());
    }
  }

  private static long conceived(EvolutionNode node) throws Exception {
    Status status = node.status().toCompletableFuture().get(30, TimeUnit.SECONDS);
    return status.individuals();
  }

  private double appendsPerSecond() throws Exception {
    ExperimentHome home = new ExperimentHome(Files.createTempDirectory(folder, "appends-"));
    Config config = ConfigFactory.defaultOverrides()
        .withFallback(home.akkaConfig())
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
