package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {
  @TempDir Path experiment;

  private static final Map<String, Callable<String>> ANSWERS = Map.of(
      "/status", () -> "{\"state\":\"evolving\"}",
      "/best", () -> {
        throw UserError.failed("nobody was trained yet.");
      },
      "/broken", () -> {
        throw new IllegalStateException("a secret of the inside");
      });

  @Test
  void whoeverCanReadTheFolder_isAnswered() throws Exception {
    try (ControlServer server = ControlServer.start(experiment, ANSWERS)) {
      assertEquals("evolving", ControlClient.ask(experiment, "/status").orElseThrow().get("state").asText());
    }
  }

  @Test
  void refusal_arrivesAsItsSentence() throws Exception {
    try (ControlServer server = ControlServer.start(experiment, ANSWERS)) {
      assertEquals("nobody was trained yet.",
          assertThrows(UserError.class, () -> ControlClient.ask(experiment, "/best")).getMessage());
      String broken = assertThrows(UserError.class, () -> ControlClient.ask(experiment, "/broken")).getMessage();
      assertFalse(broken.contains("secret"), broken);
    }
  }

  @Test
  void withoutTheToken_nothingIsTold() throws Exception {
    try (ControlServer server = ControlServer.start(experiment, ANSWERS)) {
      URI status = URI.create("http://" + Owner.of(experiment).orElseThrow().address() + "/status");
      HttpClient client = HttpClient.newHttpClient();
      assertEquals(401, client.send(
          HttpRequest.newBuilder(status).build(), HttpResponse.BodyHandlers.ofString()).statusCode());
      assertEquals(401, client.send(
          HttpRequest.newBuilder(status).header("Authorization", "Bearer wrong").build(),
          HttpResponse.BodyHandlers.ofString()).statusCode());
    }
  }

  @Test
  void ownersFile_isForThisUserAloneAndGoesWithTheServer() throws Exception {
    try (ControlServer server = ControlServer.start(experiment, ANSWERS)) {
      Path file = experiment.resolve("owner.json");
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertTrue(Owner.of(experiment).orElseThrow().address().startsWith("127.0.0.1:"));
    }
    assertEquals(Optional.empty(), ControlClient.ask(experiment, "/status"));
    try (var left = Files.list(experiment)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void ownerThatCrashed_isNobody() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    new Owner(gone.pid(), "127.0.0.1:1", "t").write(experiment);
    assertEquals(Optional.empty(), ControlClient.ask(experiment, "/status"));
    new Owner(ProcessHandle.current().pid(), "127.0.0.1:1", "t").write(experiment);
    assertEquals(Optional.empty(), ControlClient.ask(experiment, "/status"));
  }
}
