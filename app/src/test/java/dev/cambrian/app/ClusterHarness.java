package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.persistence.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * One experiment on a cluster of real processes on the loopback address, with the surrogate in place of training. All
 * nodes share the application.conf and the home of a {@link CrashHarness}.
 */
final class ClusterHarness implements AutoCloseable {
  static final String NAME = "shared";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final CrashHarness harness;
  private final Map<String, Integer> ports = new HashMap<>();
  private final Map<String, Path> homes = new HashMap<>();
  private final Map<String, Machine> machines = new HashMap<>();

  /**
   * Where a node runs.
   *
   * @param address at which the others reach it
   * @param launcher what starts a program there
   */
  record Machine(String address, List<String> launcher) {
    static final Machine THIS = new Machine("127.0.0.1", List.of());
  }

  ClusterHarness(Path folder) throws IOException {
    this.folder = folder;
    this.harness = new CrashHarness(folder, NAME, 1000);
    configure("cambrian { evolution.population = 8, training.engine = surrogate, storage.keep = alive\n"
        + "  data { kind = idx, directory = data }\n"
        + "  until.minutes = none\n"
        + "  progress.interval = 0.1 }");
  }

  /** Adds to the application.conf of all nodes. */
  void configure(String lines) throws IOException {
    Files.writeString(folder.resolve("application.conf"), lines + "\n", StandardOpenOption.APPEND);
  }

  /** The node of that name runs elsewhere than on this machine's loopback address. */
  void place(String name, Machine machine) {
    machines.put(name, machine);
  }

  CrashHarness experiment() {
    return harness;
  }

  Path folder() {
    return folder;
  }

  /** Starts the node that hosts the population and trains nothing. */
  CrashHarness.Run population(String name) throws IOException {
    return start(name, List.of("--role", "population"));
  }

  /** Starts a node of that name with two workers, which joins another one. */
  CrashHarness.Run worker(String name, String joins, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of("--role", "worker", "--workers", "2", "--join", address(joins)));
    all.addAll(List.of(more));
    return start(name, all);
  }

  /** With the journal in a database, which several nodes may write to in turn. */
  ClusterHarness on(PostgresServer server) throws IOException {
    harness.on(server);
    configure("cambrian.weights.folder = weights");
    Files.createDirectories(folder.resolve("weights"));
    Files.createDirectories(harness.home().directory());
    Files.createSymbolicLink(harness.home().weights(), folder.resolve("weights").resolve(NAME));
    return this;
  }

  /**
   * Starts one of several nodes that all know each other, with a home of its own, as on a machine of its own. The first
   * one's is that of the experiment.
   */
  CrashHarness.Run member(String name, List<String> seeds, String... roles) throws IOException {
    homes.put(name, folder.resolve(name.equals(seeds.get(0)) ? "home" : "home-" + name));
    List<String> all = new ArrayList<>(List.of("--workers", "2", "--home", homes.get(name).toString()));
    for (String seed : seeds) {
      all.addAll(List.of("--join", address(seed)));
    }
    for (String role : roles) {
      all.addAll(List.of("--role", role));
    }
    return start(name, all);
  }

  /** What a node counts under a name; empty where it does not answer or does not count that. */
  OptionalDouble metric(String node, String name) {
    try {
      Optional<Owner> owner = Owner.of(kept(node));
      if (owner.isEmpty()) {
        return OptionalDouble.empty();
      }
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + owner.get().address() + "/metrics"))
          .header("Authorization", "Bearer " + owner.get().token()).timeout(Duration.ofSeconds(2)).build();
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body().lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst();
    } catch (IOException | InterruptedException e) {
      return OptionalDouble.empty();
    }
  }

  private CrashHarness.Run start(String name, List<String> more) throws IOException {
    Machine machine = machine(name);
    List<String> all = new ArrayList<>(
        List.of("--name", name, "--port", String.valueOf(port(name)), "--hostname", machine.address()));
    all.addAll(more);
    return harness.node(machine.launcher(), all);
  }

  private Machine machine(String name) {
    return machines.getOrDefault(name, Machine.THIS);
  }

  private String address(String name) throws IOException {
    return machine(name).address() + ":" + port(name);
  }

  private int port(String name) throws IOException {
    if (!ports.containsKey(name)) {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        ports.put(name, free.getLocalPort());
      }
    }
    return ports.get(name);
  }

  /** The folder that a node keeps. */
  private Path kept(String node) {
    return Place.nodes(homes.getOrDefault(node, folder.resolve("home")), NAME).resolve(node);
  }

  /** How many members take part, as a node says. */
  long up(String node) {
    return cluster(node).map(List::of).orElse(List.of()).stream().flatMap(this::each)
        .filter(one -> one.path("state").asText().equals("up")).count();
  }

  /** What a node says of the cluster; empty where it does not answer. */
  Optional<JsonNode> cluster(String node) {
    try {
      return ControlClient.ask(kept(node), "/cluster")
          .map(answer -> answer.path("nodes"));
    } catch (IOException | UserError | InterruptedException e) {
      return Optional.empty();
    }
  }

  /** Tells a node through another one to leave, or to drain. */
  void sendAway(String through, String how, String node) throws Exception {
    ObjectNode answer = ControlClient.post(kept(through), "/cluster/" + how, Json.object().put("node", node)).orElseThrow();
    assertEquals(node, answer.path("node").asText());
  }

  /** How many trainings a node says are going on at another one; -1 where that one is no member that takes part. */
  int trainings(String through, String node) {
    for (JsonNode one : cluster(through).map(List::of).orElse(List.of()).stream().flatMap(this::each).toList()) {
      if (one.path("node").asText().equals(node)) {
        return one.path("state").asText().equals("up") ? one.path("trainings").size() : -1;
      }
    }
    return -1;
  }

  /** Waits until all of these nodes train, as another one says. */
  void untilTraining(String through, List<String> nodes, CrashHarness.Run... shown) throws Exception {
    eventually(() -> nodes.stream().allMatch(node -> trainings(through, node) > 0), shown);
  }

  private Stream<JsonNode> each(JsonNode list) {
    List<JsonNode> all = new ArrayList<>();
    list.forEach(all::add);
    return all.stream();
  }

  /** Individuals conceived so far, as a process has told. */
  static long individuals(CrashHarness.Run run) {
    return run.last().map(line -> line.path("individuals").asLong()).orElse(0L);
  }

  /** Waits until something holds. */
  static void eventually(Callable<Boolean> condition, CrashHarness.Run... shown) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.call()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("not within " + PATIENCE + ":\n" + List.of(shown));
      }
      Thread.sleep(50);
    }
  }

  @Override
  public void close() {
    harness.close();
  }
}
