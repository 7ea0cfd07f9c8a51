package dev.cambrian.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.actors.NodeRole;
import dev.cambrian.actors.Status;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Many workers over several processes of one cluster, training replaced by a timer ({@link TimerEngine}): how much of
 * their time they are idle, what a step costs the population's node, and what the history grows by.
 *
 * <p>Usage: {@code SimulatedCluster FOLDER WORKERS MEAN_SECONDS POPULATION INDIVIDUALS}: one process hosts the
 * population, three share the workers. FOLDER holds the journal, on LevelDB, and is left as it is at the end.
 */
public final class SimulatedCluster {
  private static final int WORKER_NODES = 3;
  private static final String LOCALHOST = "127.0.0.1";
  private static final long LOOK_MILLIS = 5_000;
  private static final int LOOKS_A_LINE = 12;

  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Path folder;
  private final double meanSeconds;
  private final int population;

  private SimulatedCluster(Path folder, double meanSeconds, int population) {
    this.folder = folder;
    this.meanSeconds = meanSeconds;
    this.population = population;
  }

  /** Prints a line a minute, and the waits of each worker node at the end. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 6) {
      new SimulatedCluster(
          Path.of(arguments[0]), Double.parseDouble(arguments[2]), Integer.parseInt(arguments[3]))
          .work(arguments[4], arguments[5], Integer.parseInt(arguments[1]));
    } else if (arguments.length == 5) {
      new SimulatedCluster(
          Path.of(arguments[0]), Double.parseDouble(arguments[2]), Integer.parseInt(arguments[3]))
          .evolve(Integer.parseInt(arguments[1]), Long.parseLong(arguments[4]));
    } else {
      System.err.println("usage: SimulatedCluster FOLDER WORKERS MEAN_SECONDS POPULATION INDIVIDUALS");
      System.exit(2);
    }
    System.exit(0);
  }

  /** The population's process, which starts and ends the others. */
  private void evolve(int workers, long individuals) throws Exception {
    int port = freePort();
    List<Process> nodes = new ArrayList<>();
    try (BitsExperiment experiment = BitsExperiment.start(Files.createDirectories(folder.resolve("population")),
        folder.resolve("weights"), 0, "alive", population, new TimerEngine(BitsExperiment.BITS, meanSeconds),
        cluster("population", port, List.of(), NodeRole.POPULATION))) {
      for (int node = 1; node <= WORKER_NODES; node++) {
        int share = workers / WORKER_NODES + (node <= workers % WORKER_NODES ? 1 : 0);
        nodes.add(start(share, "worker-" + node, LOCALHOST + ":" + port));
      }
      watch(experiment, individuals);
      for (Process node : nodes) {
        node.getOutputStream().close();
        node.waitFor();
      }
    } finally {
      nodes.forEach(Process::destroy);
    }
  }

  private void watch(BitsExperiment experiment, long individuals) throws Exception {
    long from = 0;
    long cpu = 0;
    long began = 0;
    Status status = experiment.status();
    for (int look = 0; status.individuals() < individuals; look++) {
      if (look % LOOKS_A_LINE == 0) {
        if (from > 0) {
          print(status, status.individuals() - from, process.getProcessCpuTime() - cpu, System.nanoTime() - began);
        }
        from = status.individuals();
        cpu = process.getProcessCpuTime();
        began = System.nanoTime();
      }
      Thread.sleep(LOOK_MILLIS);
      status = experiment.status();
    }
    print(status, status.individuals() - from, process.getProcessCpuTime() - cpu, System.nanoTime() - began);
  }

  private void print(Status status, long steps, long cpuNanos, long nanos) throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(Locale.ROOT, "%,d individuals, %d in training: %.1f steps/s; workers idle %.2f %% of their time; "
            + "the population's node: %.2f ms of processor time a step, heap %d MiB; journal %.0f bytes an individual%n",
        status.individuals(), status.training(), steps * 1e9 / nanos, 100 * (1 - status.trainingShare()),
        cpuNanos / 1e6 / steps, (runtime.totalMemory() - runtime.freeMemory()) >> 20,
        (double) bytes(folder.resolve("population").resolve("journal")) / status.individuals());
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      long bytes = 0;
      for (Path file : files.toList()) {
        // LevelDB deletes files while it goes.
        bytes += Files.exists(file) ? Files.size(file) : 0;
      }
      return bytes;
    }
  }

  private Process start(int workers, String node, String seed) throws IOException {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-cp",
        System.getProperty("java.class.path"), SimulatedCluster.class.getName(), folder.toString(),
        Integer.toString(workers), Double.toString(meanSeconds), Integer.toString(population), node, seed)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** A process of workers; it ends when its standard input does. */
  private void work(String node, String seed, int workers) throws Exception {
    TimerEngine engine = new TimerEngine(BitsExperiment.BITS, meanSeconds);
    try (BitsExperiment experiment = BitsExperiment.start(Files.createDirectories(folder.resolve(node)),
        folder.resolve("weights"), workers, "alive", population, engine, cluster(node, freePort(), List.of(seed), NodeRole.WORKER))) {
      while (System.in.read() >= 0) {
        // Nothing is ever sent.
      }
      double[] waits = engine.waits();
      System.out.printf(Locale.ROOT, "%s: %,d waits for the next child: median %.1f ms, p99 %.1f ms, longest %.1f ms%n",
          node, waits.length, waits[waits.length / 2], waits[(int) (waits.length * 0.99)], waits[waits.length - 1]);
      System.out.flush();
    }
  }

  private ClusterSettings cluster(String node, int port, List<String> seeds, NodeRole role) {
    return new ClusterSettings(node, LOCALHOST, port, seeds, Set.of(role), Duration.ofSeconds(5), Optional.empty(),
        Optional.empty(), Optional.of(folder.resolve(node)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOCALHOST))) {
      return socket.getLocalPort();
    }
  }
}
