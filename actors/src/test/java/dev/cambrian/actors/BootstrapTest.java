package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.training.SurrogateEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that find each other as on Kubernetes, but by a list in place of Kubernetes' own. */
class BootstrapTest {
  private static final String LOCALHOST = "127.0.0.1";

  @TempDir Path directory;
  private final int populationPort = freePort();
  private final int workerPort = freePort();

  @Test
  void nodesWithoutSeeds_findEachOther_andTellThatTheyAreWell() throws Exception {
    Path home = Files.createDirectories(directory.resolve("population"));
    Path folder = Files.createDirectories(directory.resolve("worker"));
    CompletableFuture<EvolutionNode> worker =
        CompletableFuture.supplyAsync(() -> start(folder, NodeRole.WORKER, 2, workerPort));
    try (HomeLock lock = HomeLock.take(new ExperimentHome(home));
        EvolutionNode population = start(home, NodeRole.POPULATION, 0, populationPort);
        EvolutionNode other = worker.get(60, TimeUnit.SECONDS)) {
      Status last = population.finished().toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertEquals(30, last.individuals(), "the worker's node trained them");
      assertEquals(200, asked(populationPort, "/ready"));
      assertEquals(200, asked(workerPort, "/alive"));
      assertTrue(asked(workerPort, "/cluster/members/akka://cambrian@127.0.0.1:1", "DELETE") >= 400,
          "nobody is sent away on this port");
    }
  }

  private EvolutionNode start(Path folder, NodeRole role, int workers, int managementPort) {
    Config discovered = ConfigFactory.parseString("akka.management.cluster.bootstrap {\n"
        + "contact-point-discovery.discovery-method = config\n contact-point.filter-on-fallback-port = off\n}\n"
        + "akka.discovery.config.services.cambrian.endpoints = [{host = " + LOCALHOST + ", port = " + populationPort
        + "}, {host = " + LOCALHOST + ", port = " + workerPort + "}]");
    ClusterSettings cluster = new ClusterSettings(role.word(), LOCALHOST, freePort(), List.of(), Set.of(role),
        Duration.ofSeconds(5), Optional.empty(),
        Optional.of(new ClusterSettings.Management(managementPort, true)), Optional.of(folder));
    try {
      return EvolutionNode.start(new NodeSettings("run", Experiments.settings(1, 10), folder, workers,
          Until.individuals(30), cluster),
          Experiments.equipment(directory.resolve("shared"), new SurrogateEngine(Clock.systemUTC())), discovered);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static int asked(int port, String path) throws Exception {
    return asked(port, path, "GET");
  }

  private static int asked(int port, String path, String method) throws Exception {
    return HttpClient.newHttpClient().send(
        HttpRequest.newBuilder(URI.create("http://" + LOCALHOST + ":" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOCALHOST))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
