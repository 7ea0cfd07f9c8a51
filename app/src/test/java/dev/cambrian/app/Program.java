package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The whole program, run in processes of their own in a folder that is its installation; ends those that are left. */
final class Program implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  /** The end of an experiment that is to be interrupted. */
  static final String FOREVER = "individuals=1000000";

  private final Path folder;
  private final List<Process> started = new ArrayList<>();
  private int outputs;

  Program(Path folder) {
    this.folder = folder;
  }

  record Outcome(int exitCode, String out, String err) {}

  record Started(Process process, Path out, Path err) {

    Outcome outcome() throws IOException {
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }

  /** The folder of an experiment. */
  Path home(String experiment) {
    return folder.resolve("home").resolve(experiment);
  }

  /** Runs it to its end. */
  Outcome run(String... arguments) throws Exception {
    Started run = start(arguments);
    assertTrue(run.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it hangs: " + List.of(arguments));
    return run.outcome();
  }

  Started start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx600m", "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
        "-Dcambrian.install=" + folder, "dev.cambrian.app.Cambrian"));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out" + outputs);
    Path err = folder.resolve("err" + outputs++);
    Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    started.add(process);
    return new Started(process, out, err);
  }

  /** The status, as soon as that many individuals were conceived. */
  ObjectNode statusOnce(String experiment, long individuals) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      var answer = ControlClient.ask(home(experiment), "/status");
      if (answer.isPresent() && answer.get().get("individuals").asLong() >= individuals) {
        return answer.get();
      }
      Thread.sleep(100);
    }
    throw new AssertionError(experiment + " did not come to " + individuals + " individuals");
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }
}
