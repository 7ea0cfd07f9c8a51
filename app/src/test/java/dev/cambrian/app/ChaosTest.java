package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.EmbeddedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes on one real PostgreSQL, and what befalls them: killed, one or all; the database started anew under them.
 * Two of them can host the population. Evolution must go on by itself, and the journal tells whether it was ever two.
 *
 * <p>{@code mvn verify -Pchaos} does all of it twenty times, or as often as {@code -Dcambrian.chaos.times} says; {@code
 * -Dcambrian.chaos.data=DIR} on CIFAR-10 in that folder in place of the surrogate.
 */
@DisabledOnOs(OS.WINDOWS)
class ChaosTest {
  private static final int TIMES = Integer.getInteger("cambrian.chaos.times", 20);
  private static final int RESTARTS = TIMES / 2;
  private static final int MOST_MILLIS = 2_000;
  private static final List<String> NODES = List.of("a", "b", "c");
  private static final List<String> HOSTS = List.of("a", "b");

  /** What must happen within how long, where the machine is not busy with anything else. */
  private static final Duration GOES_ON_AFTER_ONE = Duration.ofSeconds(30);
  private static final Duration GOES_ON_AFTER_ALL = Duration.ofSeconds(60);

  @RegisterExtension static final EmbeddedServer DATABASE = new EmbeddedServer();

  @TempDir Path folder;
  private final Random random = new Random(20170303);
  private final Map<String, CrashHarness.Run> running = new TreeMap<>();
  private final Map<String, List<Duration>> took = new TreeMap<>();
  private final List<CrashHarness.Run> all = new ArrayList<>();
  private ClusterHarness cluster;

  @BeforeEach
  void startNodes() throws Exception {
    cluster = new ClusterHarness(folder).on(DATABASE.server());
    String data = System.getProperty("cambrian.chaos.data", "");
    if (!data.isEmpty()) {
      cluster.experiment().heap(1024);
      cluster.configure("cambrian { training.engine = libtorch, training.steps = 20, data.kind = cifar10, data.directory"
          + " = \"" + Path.of(data).toAbsolutePath() + "\" }");
    }
    for (String node : NODES) {
      start(node);
    }
    goesOn("begin", Duration.ofSeconds(120));
  }

  @AfterEach
  void stopNodes() throws Exception {
    cluster.close();
    DATABASE.drop(ClusterHarness.NAME);
  }

  @Test
  void nodesAreKilled() throws Exception {
    killWorkers(1);
    killHosts(1);
    killAll(1);
    audit();
  }

  @Test
  @Tag("chaos")
  void nodesAreKilled_manyTimes() throws Exception {
    killWorkers(TIMES);
    killHosts(TIMES);
    killAll(TIMES);
    audit();
    within("worker", GOES_ON_AFTER_ONE);
    within("host", GOES_ON_AFTER_ONE);
    within("all", GOES_ON_AFTER_ALL);
  }

  @Test
  @Tag("chaos")
  void databaseIsStartedAnew_manyTimes() throws Exception {
    for (int restart = 0; restart < RESTARTS; restart++) {
      pause();
      DATABASE.stop();
      Thread.sleep(random.nextInt(MOST_MILLIS));
      DATABASE.startAgain();
      goesOn("database", GOES_ON_AFTER_ALL.multipliedBy(2));
    }
    audit();
  }

  /** As a new build is rolled out: each node in turn is told to end, and started again; in the end all are told to. */
  @Test
  @Tag("chaos")
  void nodesAreReplacedOneAfterTheOther_nothingIsLost_andNoWorkerRepeatsMoreThanOneTraining() throws Exception {
    for (String node : NODES) {
      pause();
      CrashHarness.Run old = running.remove(node);
      old.process().destroy();
      assertEquals(0, old.exitCode(), old::toString);
      start(node);
      goesOn("replaced", GOES_ON_AFTER_ALL.multipliedBy(2));
    }
    Map<String, Integer> again = audit().handedOutAgain();
    assertTrue(again.values().stream().allMatch(times -> times <= 1 + 1), again::toString);
    within("replaced", GOES_ON_AFTER_ONE);
  }

  private void killWorkers(int times) throws Exception {
    for (int kill = 0; kill < times; kill++) {
      pause();
      kill("c");
      goesOn("worker", GOES_ON_AFTER_ALL.multipliedBy(2));
      start("c");
    }
  }

  private void killHosts(int times) throws Exception {
    for (int kill = 0; kill < times; kill++) {
      pause();
      String host = host();
      kill(host);
      goesOn("host", GOES_ON_AFTER_ALL.multipliedBy(2));
      start(host);
    }
  }

  private void killAll(int times) throws Exception {
    for (int kill = 0; kill < times; kill++) {
      pause();
      for (String node : NODES) {
        kill(node);
      }
      for (String node : NODES) {
        start(node);
      }
      goesOn("all", GOES_ON_AFTER_ALL.multipliedBy(3));
    }
  }

  private void start(String node) throws Exception {
    CrashHarness.Run run = cluster.member(node, NODES, HOSTS.contains(node) ? "population" : "worker", "worker");
    running.put(node, run);
    all.add(run);
  }

  private void kill(String node) {
    running.remove(node).kill();
  }

  /** Waits until all are members, and then for a random instant. */
  private void pause() throws Exception {
    Instant began = Instant.now();
    ClusterHarness.eventually(() -> {
      supervise();
      return NODES.stream().allMatch(node -> cluster.up(node) == NODES.size());
    }, running.values().toArray(CrashHarness.Run[]::new));
    note("all take part", began);
    Thread.sleep(random.nextInt(MOST_MILLIS));
  }

  /** Starts again what was cut off, as a supervisor does; nothing else ends by itself. */
  private void supervise() throws Exception {
    for (String node : List.copyOf(running.keySet())) {
      CrashHarness.Run run = running.get(node);
      if (!run.process().isAlive()) {
        assertEquals(UserError.CUT_OFF, run.exitCode(), run::toString);
        start(node);
      }
    }
  }

  /** The node where the population lives: the one that writes its events. */
  private String host() throws Exception {
    List<String> hosts = new ArrayList<>();
    ClusterHarness.eventually(() -> {
      Map<String, Double> before = written();
      Thread.sleep(300);
      written().forEach((node, events) -> {
        if (before.containsKey(node) && events > before.get(node)) {
          hosts.add(node);
        }
      });
      return !hosts.isEmpty();
    }, running.values().toArray(CrashHarness.Run[]::new));
    return hosts.get(0);
  }

  private Map<String, Double> written() {
    Map<String, Double> events = new TreeMap<>();
    for (String node : HOSTS) {
      cluster.metric(node, "cambrian_events_total").ifPresent(value -> events.put(node, value));
    }
    return events;
  }

  /** Waits until individuals are conceived that were not before. */
  private void goesOn(String after, Duration patience) throws Exception {
    Instant began = Instant.now();
    long then = individuals();
    while (individuals() < then + 3) {
      supervise();
      assertTrue(Duration.between(began, Instant.now()).compareTo(patience) < 0,
          () -> "it does not go on after " + after + ": " + running.values());
      Thread.sleep(100);
    }
    note("goes on after " + after, began);
  }

  private void note(String what, Instant began) {
    took.computeIfAbsent(what, none -> new ArrayList<>()).add(Duration.between(began, Instant.now()));
  }

  private long individuals() {
    return all.stream().mapToLong(ClusterHarness::individuals).max().orElse(0);
  }

  private void within(String after, Duration limit) {
    assertTrue(took.get("goes on after " + after).stream().allMatch(one -> one.compareTo(limit) <= 0), took::toString);
  }

  /** Ends all nodes, once all take part, and looks at what is in the journal. */
  private CrashAudit audit() throws Exception {
    pause();
    Instant told = Instant.now();
    for (CrashHarness.Run run : running.values()) {
      run.process().destroy();
    }
    for (CrashHarness.Run run : running.values()) {
      assertEquals(0, run.exitCode(), run::toString);
    }
    note("all have left", told);
    CrashAudit audit = cluster.experiment().audit(all.toArray(CrashHarness.Run[]::new));
    took.forEach((what, times) -> System.out.println(what + ": " + times.stream().sorted()
        .map(one -> String.format(Locale.ROOT, "%.1f s", one.toMillis() / 1000.0)).collect(Collectors.joining(", "))));
    return audit;
  }
}
