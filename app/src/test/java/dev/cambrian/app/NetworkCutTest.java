package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.EmbeddedServer;
import dev.cambrian.persistence.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of three nodes has no network for a minute, neither to the others nor to the database; the others must decide.
 * {@code mvn verify -Pchaos}, as root on Linux.
 */
@Tag("chaos")
@EnabledIf("dev.cambrian.app.VirtualNetwork#possible")
class NetworkCutTest {
  private static final List<String> NODES = List.of("cut", "b", "c");
  private static final Duration CUT = Duration.ofMinutes(1);
  private static final Duration GOES_ON = Duration.ofSeconds(60);
  private static final int TIMES = 2;
  private static final String EVENTS = "cambrian_events_total";

  @RegisterExtension static final EmbeddedServer DATABASE = new EmbeddedServer();

  @TempDir Path folder;
  private final List<CrashHarness.Run> all = new ArrayList<>();

  @Test
  void nodeWithoutNetworkForAMinute_isGivenUp_endsByItself_andComesBack() throws Exception {
    DATABASE.openTo(VirtualNetwork.NETWORK);
    URI server = URI.create(DATABASE.server().url().substring("jdbc:".length()));
    try (VirtualNetwork network = new VirtualNetwork();
        ClusterHarness cluster = new ClusterHarness(folder).on(new PostgresServer("jdbc:postgresql://"
            + VirtualNetwork.HERE + ":" + server.getPort() + server.getPath(), "postgres", "", 4))) {
      cluster.place("cut", network.there());
      cluster.place("b", network.here());
      cluster.place("c", network.here());
      CrashHarness.Run last = start(cluster, "cut");
      CrashHarness.Run b = start(cluster, "b");
      CrashHarness.Run c = start(cluster, "c");
      for (int time = 0; time < TIMES; time++) {
        CrashHarness.Run away = last;
        ClusterHarness.eventually(() -> cluster.up("b") == 3, away, b, c);
        ClusterHarness.eventually(() -> told(b) > 10, away, b, c);
        double written = cluster.metric("b", EVENTS).orElse(0);
        Thread.sleep(1_000);
        System.out.println(cluster.metric("b", EVENTS).orElse(0) > written ? "a node without network: a worker's" :
            "a node without network: the population's");
        Instant pulled = Instant.now();
        network.pull();
        goesOn(pulled, b, c);
        Thread.sleep(Math.max(0, Duration.between(Instant.now(), pulled.plus(CUT)).toMillis()));
        network.plugIn();
        assertEquals(UserError.CUT_OFF, away.exitCode(), away::toString);
        last = start(cluster, "cut");
      }
      CrashHarness.Run back = last;
      ClusterHarness.eventually(() -> cluster.up("b") == 3, back, b, c);
      for (CrashHarness.Run node : List.of(back, b, c)) {
        node.process().destroy();
      }
      for (CrashHarness.Run node : List.of(back, b, c)) {
        assertEquals(0, node.exitCode(), node::toString);
      }
      cluster.experiment().audit(all.toArray(CrashHarness.Run[]::new));
    }
  }

  private CrashHarness.Run start(ClusterHarness cluster, String name) throws Exception {
    String role = name.equals("c") ? "worker" : "population";
    CrashHarness.Run run = cluster.member(name, NODES, role, "worker");
    all.add(run);
    return run;
  }

  private static long told(CrashHarness.Run run) {
    return ClusterHarness.individuals(run);
  }

  private static void goesOn(Instant pulled, CrashHarness.Run... others) throws Exception {
    // What was told before is read by then.
    Thread.sleep(2_000);
    long then = told(others[0]);
    ClusterHarness.eventually(() -> told(others[0]) > then + 3, others);
    Duration took = Duration.between(pulled, Instant.now());
    System.out.printf("a node without network: the others go on after %.1f s%n", took.toMillis() / 1000.0);
    assertTrue(took.compareTo(GOES_ON) <= 0, took::toString);
  }
}
