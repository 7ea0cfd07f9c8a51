package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.PostgresServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One experiment, evolved by the real program in processes of their own, with the surrogate in place of training: what
 * is needed to kill such a process at any instant and to look at what it left.
 */
final class CrashHarness implements AutoCloseable {
  static final String FOREVER = "individuals=1000000";
  static final int SIDE = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path folder;
  private final String experiment;
  private final List<Run> runs = new ArrayList<>();
  private List<String> options;
  private int workers = 4;
  private int heapMebibytes = 256;

  /**
   * An experiment that does not exist yet.
   *
   * @param folder of the configuration and of all experiments
   * @param maxParameters a child with more fails
   */
  CrashHarness(Path folder, String experiment, long maxParameters) throws IOException {
    this.folder = folder;
    this.experiment = experiment;
    Files.writeString(folder.resolve("application.conf"),
        "cambrian { home = home, progress.interval = 0.02, training.limits.parameters = " + maxParameters + " }\n");
    Path data = Files.createDirectories(folder.resolve("data"));
    writeImages(data, "train", 100);
    writeImages(data, "t10k", 20);
    options = List.of("--engine", "surrogate", "--keep", "alive", "--population", "8", "--dataset", "idx", "--data", data.toString());
  }

  /** Small black images of ten classes in the IDX layout: the surrogate looks at none. */
  private static void writeImages(Path data, String part, int count) throws IOException {
    ByteBuffer images = ByteBuffer.allocate(16 + count * SIDE * SIDE);
    images.putInt(0x803).putInt(count).putInt(SIDE).putInt(SIDE);
    Files.write(data.resolve(part + "-images-idx3-ubyte"), images.array());
    ByteBuffer labels = ByteBuffer.allocate(8 + count);
    labels.putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) (i % 10));
    }
    Files.write(data.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }

  /** With the journal in a database. */
  CrashHarness on(PostgresServer server) throws IOException {
    Files.writeString(folder.resolve("application.conf"), "cambrian.journal { kind = postgresql, postgresql { url = \""
        + server.url() + "\", user = " + server.user() + " } }\n", StandardOpenOption.APPEND);
    return this;
  }

  /** With these options in place of the surrogate on small images and a small population. */
  CrashHarness with(String... instead) {
    options = List.of(instead);
    return this;
  }

  /** With this set-point in place of 8. */
  CrashHarness population(int setPoint) {
    List<String> changed = new ArrayList<>(options);
    changed.set(changed.indexOf("--population") + 1, String.valueOf(setPoint));
    options = changed;
    return this;
  }

  /** With so many workers from now on, in place of 4. */
  CrashHarness workers(int number) {
    workers = number;
    return this;
  }

  /** With so much heap from now on, in place of 256 MiB. */
  CrashHarness heap(int mebibytes) {
    heapMebibytes = mebibytes;
    return this;
  }

  ExperimentHome home() {
    return new ExperimentHome(folder.resolve("home").resolve(experiment));
  }

  /** Starts to evolve, with further properties of the JVM. */
  Run evolve(String until, String... properties) throws IOException {
    return start(List.of(), List.of(properties), arguments(until));
  }

  /** The command line that evolves it. */
  List<String> arguments(String until) {
    List<String> arguments = new ArrayList<>(List.of(
        "evolve", experiment, "--json", "--until", until, "--workers", String.valueOf(workers)));
    arguments.addAll(options);
    return arguments;
  }

  /** Evolves until so many individuals were conceived, and audits that there are exactly so many. */
  CrashAudit finish(long individuals) throws Exception {
    Run run = evolve("individuals=" + individuals);
    assertEquals(0, run.exitCode(), run::toString);
    CrashAudit audit = audit(run);
    assertEquals(individuals, audit.state().conceived());
    assertEquals(0, audit.state().training());
    ObjectNode best = run.last().orElseThrow();
    assertEquals(audit.state().best().orElseThrow().id(), best.get("individual").asLong());
    assertEquals(audit.state().tests().get(best.get("individual").asLong()), best.get("testAccuracy").asDouble());
    return audit;
  }

  /** Runs another command on the experiment to its end. */
  Run command(String command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(command, experiment));
    all.addAll(List.of(arguments));
    Run run = start(List.of(), List.of(), all);
    run.exitCode();
    return run;
  }

  /**
   * Starts a node of a cluster that evolves it.
   *
   * @param launcher what starts the program, before its own command line; empty for nothing
   */
  Run node(List<String> launcher, List<String> arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("node", experiment, "--json"));
    all.addAll(arguments);
    return start(launcher, List.of(), all);
  }

  /** Audits what processes left that have ended, and whether all that they told is there. */
  CrashAudit audit(Run... ended) throws Exception {
    try {
      CrashAudit audit = CrashAudit.of(home());
      for (Run run : ended) {
        run.lines().stream().filter(line -> line.has("event")).forEach(audit::holds);
      }
      return audit;
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError(e.getMessage() + "\nafter " + List.of(ended) + "\nin " + home().directory(), e);
    }
  }

  /** Lets all weights look old enough to be deleted where nothing names them. */
  void ageWeights() throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    try (Stream<Path> files = Files.walk(home().weights())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, old);
      }
    }
  }

  private Run start(List<String> launcher, List<String> properties, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heapMebibytes + "m", "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"),
        "-Dcambrian.install=" + folder, "-Dcambrian.actors.snapshot-every=20", "-Dcambrian.actors.collect-every=5"));
    command.addAll(properties);
    command.add("dev.cambrian.app.Cambrian");
    command.addAll(arguments);
    Run run = new Run(command, folder.resolve("err" + runs.size()));
    runs.add(run);
    return run;
  }

  /** No process outlives a test. */
  @Override
  public void close() {
    runs.forEach(Run::kill);
  }

  /** One process of the program. */
  static final class Run {
    private final List<String> command;
    private final Process process;
    private final Path err;
    private final List<String> out = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch first = new CountDownLatch(1);
    private final Thread reader;

    private Run(List<String> command, Path err) throws IOException {
      this.command = command;
      this.err = err;
      this.process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      this.reader = new Thread(this::read, "output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          out.add(line);
          first.countDown();
        }
      } catch (IOException e) {
        // The process was killed while it wrote.
      } finally {
        first.countDown();
      }
    }

    Process process() {
      return process;
    }

    /** Waits for the first line of its output, or its end. */
    void firstLine() throws InterruptedException {
      assertTrue(first.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), this::toString);
    }

    /** Waits until it has told a person this. */
    void untilSaid(String sentence) throws InterruptedException {
      Instant end = Instant.now().plus(PATIENCE);
      boolean alive = true;
      while (!err().contains(sentence)) {
        if (!alive || Instant.now().isAfter(end)) {
          throw new AssertionError("it did not say \"" + sentence + "\": " + this);
        }
        // What it said before it ended is looked at once more.
        alive = process.isAlive();
        Thread.sleep(50);
      }
    }

    /** Kills it as {@code kill -9} does; returns when it is gone. */
    void kill() {
      try {
        process.destroyForcibly().waitFor();
        reader.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError("it did not end: " + this);
      }
      reader.join();
      return process.exitValue();
    }

    /** The objects that it printed; one that was cut off does not count. */
    List<ObjectNode> lines() {
      List<ObjectNode> objects = new ArrayList<>();
      for (String line : List.copyOf(out)) {
        if (line.endsWith("}")) {
          objects.add(Json.parse(line));
        }
      }
      return objects;
    }

    /** The last of them; empty where there is none yet. */
    Optional<ObjectNode> last() {
      synchronized (out) {
        for (int i = out.size() - 1; i >= 0; i--) {
          if (out.get(i).endsWith("}")) {
            return Optional.of(Json.parse(out.get(i)));
          }
        }
      }
      return Optional.empty();
    }

    /** Its standard error. */
    String err() {
      try {
        return Files.readString(err);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String toString() {
      List<String> end = out.subList(Math.max(0, out.size() - 2), out.size());
      return String.join(" ", command.subList(command.indexOf("-cp") + 2, command.size()))
          + "\n" + String.join("\n", end) + "\n" + err();
    }
  }
}
