package dev.cambrian.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.app.ConfigurationFile.Given;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterCommandTest {
  @TempDir Path folder;

  @Test
  void nodes_aLineEach_andOneForEachTraining() {
    assertEquals(List.of(
        "node         box1:25520  up  population, web",
        "node         gpu-1 at box2:25520  draining  worker  cpu with 2 slots",
        "  cpu/1      individual 512, attempt 2, step 38 of 150, for 2:41"),
        ClusterCommand.text(Json.nodes(FakeCluster.NODES)));
  }

  @Test
  void nodeOfThisMachine_isAskedAndTold() throws Exception {
    Path node = Files.createDirectories(Place.nodes(folder, "mine").resolve("gpu-1"));
    FakeCluster cluster = new FakeCluster();
    try (ControlServer server = ControlServer.bind(node, new Configuration.Http("127.0.0.1", 0, ""))) {
      server.serve(new Routes(ClusterRoutes.of(cluster)));
      Result status = run("cluster", "status", "--home", folder.toString(), "--json");
      assertEquals(0, status.exitCode(), status.err());
      assertEquals("gpu-1", Json.parse(status.out()).path("nodes").path(1).path("node").asText());
      assertEquals(0, run("cluster", "drain", "gpu-1", "--home", folder.toString()).exitCode());
      assertEquals(0, run("cluster", "leave", "gpu-1", "--home", folder.toString()).exitCode());
      assertEquals(List.of("gpu-1 drains", "gpu-1 leaves"), cluster.told);
      Result unknown = run("cluster", "leave", "gpu-2", "--home", folder.toString());
      assertEquals(1, unknown.exitCode());
      assertEquals("cambrian: no node gpu-2 answers.", unknown.err().strip());
    }
    Result nobody = run("cluster", "status", "--home", folder.toString());
    assertEquals(1, nobody.exitCode());
    assertTrue(nobody.err().contains("no node runs on this machine with the home " + folder), nobody.err());
  }

  private record Result(int exitCode, String out, String err) {}

  private Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Cambrian.run(new Session(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false,
        true, folder), arguments);
    return new Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  private static ClusterSettings place(Path folder, Map<String, Given> options) {
    return Place.of(ConfigurationFile.load(folder, Optional.empty(), options).checked());
  }

  @Test
  void place_isNamedAfterItsAddress_unlessItHasAName() {
    ClusterSettings open = place(folder, Map.of());
    assertEquals("127.0.0.1:25520", open.node());
    assertTrue(open.folder().orElseThrow().endsWith(Path.of("home", ".nodes", "shapes", "127.0.0.1-25520")));
    ClusterSettings joining = place(folder, Map.of(
        "cambrian.cluster.seeds", new Given("--join", "127.0.0.1:9,[::1]:8"),
        "cambrian.cluster.port", new Given("--port", "0"),
        "cambrian.cluster.roles", new Given("--role", "worker")));
    assertEquals("127.0.0.1", joining.hostname());
    assertTrue(joining.port() > 0);
    assertEquals(List.of("127.0.0.1:9", "[::1]:8"), joining.seeds());
    assertEquals("gpu", place(folder, Map.of("cambrian.cluster.node", new Given("--name", "gpu"))).node());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "cambrian.cluster.seeds    | --join     | box1          | --join must be HOST:PORT of each node to join, not box1.",
    "cambrian.cluster.seeds    | --join     | box1:99999    | --join must be HOST:PORT of each node to join, not box1:99999.",
    "cambrian.cluster.roles    | --role     | miner         | --role must be one or more of population, worker, web, not miner.",
    "cambrian.cluster.engine   | --engine   | torch         | --engine must be one of libtorch, dl4j, surrogate, not torch.",
    "cambrian.cluster.port     | --port     | 70000         | --port must be a whole number from 0 to 65535, not 70000.",
    "cambrian.cluster.hostname | --hostname | ''            | --hostname must be a name or an address of this machine, or auto, not empty."})
  void valueThatMakesNoSense_isRefused(String key, String option, String value, String sentence) {
    UserError refused = assertThrows(UserError.class, () -> place(folder, Map.of(key, new Given(option, value))));
    assertEquals(sentence, refused.getMessage());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void certificates_areOfOneAuthority_alsoThoseMadeLater_andKeysArePrivate() throws Exception {
    new Certificates(folder.resolve("certs")).make(List.of("box1"));
    new Certificates(folder.resolve("certs")).make(List.of("10.0.0.2"));
    Date anHourAgo = Date.from(Instant.now().minus(Duration.ofHours(1)));
    Pem.certificate(folder.resolve("certs/ca.crt")).checkValidity(anHourAgo);
    for (String host : List.of("box1", "10.0.0.2")) {
      NodeCertificate.read(files(host, host));
      Pem.certificate(folder.resolve("certs").resolve(host).resolve("node.crt")).checkValidity(anHourAgo);
      assertEquals("rw-------", PosixFilePermissions.toString(
          Files.getPosixFilePermissions(folder.resolve("certs").resolve(host).resolve("node.key"))));
    }
    assertEquals("rw-------", PosixFilePermissions.toString(
        Files.getPosixFilePermissions(folder.resolve("certs").resolve("ca.key"))));
    UserError mixed = assertThrows(UserError.class, () -> NodeCertificate.read(files("box1", "10.0.0.2")));
    assertTrue(mixed.getMessage().contains("is not the key of the certificate in"), mixed.getMessage());
    UserError missing = assertThrows(UserError.class, () -> NodeCertificate.read(files("box1", "box3")));
    assertEquals("cambrian.cluster.tls.key: " + folder.resolve("certs/box3/node.key")
        + " cannot be read; 'cambrian cluster certs' makes such files.", missing.getMessage());
  }

  private ClusterSettings.Tls files(String certificate, String key) {
    Path certs = folder.resolve("certs");
    return new ClusterSettings.Tls(certs.resolve("ca.crt"), certs.resolve(certificate).resolve("node.crt"),
        certs.resolve(key).resolve("node.key"));
  }
}
