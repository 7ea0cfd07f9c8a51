package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.Control;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlServerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;
  private FakeExperiment experiment;
  private ControlServer server;

  @BeforeEach
  void serve() throws IOException {
    experiment = new FakeExperiment(folder);
    List<Route> routes = new ArrayList<>(ExperimentRoutes.of(experiment, experiment));
    routes.add(failing("/refused", UserError.failed("nobody was trained yet.")));
    routes.add(failing("/broken", new IllegalStateException("a secret of the inside")));
    routes.add(Route.get("/long", "Many lines, and then none.", List.of(),
        Route.Reply.lines("Lines.", JsonSchema.anyObject("A line.")), asked -> Answer.lines(out -> {
          for (int i = 0; i < 20_000; i++) {
            Answer.write(Json.object().put("line", i), out);
          }
          throw UserError.failed("there is no more.");
        })));
    server = ControlServer.bind(folder, new Configuration.Http("127.0.0.1", 0, ""));
    server.serve(new Routes(routes));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private static Route failing(String path, Exception with) {
    return Route.get(path, "Fails.", List.of(), Route.Reply.json("Nothing.", JsonSchema.anyObject("Nothing.")),
        asked -> {
          throw with;
        });
  }

  @Test
  void whoeverCanReadTheFolder_isAnswered() throws Exception {
    assertEquals("evolving", ControlClient.ask(folder, "/status").orElseThrow().get("state").asText());
  }

  @Test
  void change_isMadeOnce_howeverOftenItIsAskedFor() throws Exception {
    ObjectNode request = new ControlRequest("mine", new Control.Set("population", "200")).json();
    ObjectNode first = ControlClient.post(folder, "/control", request).orElseThrow();
    assertEquals(2, first.get("event").asLong());
    assertEquals("mine", first.get("id").asText());
    ObjectNode second = ControlClient.post(folder, "/control", request).orElseThrow();
    assertEquals(2, second.get("event").asLong());
    assertEquals(200, experiment.population().inForce().population());
    assertEquals(2, experiment.population().head().sequence());
  }

  @Test
  void refusal_arrivesAsItsSentence_andWhatBreaksTellsNothingOfTheInside() {
    assertEquals("nobody was trained yet.",
        assertThrows(UserError.class, () -> ControlClient.ask(folder, "/refused")).getMessage());
    String broken = assertThrows(UserError.class, () -> ControlClient.ask(folder, "/broken")).getMessage();
    assertFalse(broken.contains("secret"), broken);
  }

  @Test
  void longAnswerThatBreaksOff_endsWithWhy() throws Exception {
    List<String> lines = send(request("/long")).body().lines().toList();
    assertEquals(20_001, lines.size());
    assertEquals("{\"error\":\"there is no more.\"}", lines.get(20_000));
  }

  @Test
  void withoutTheToken_nothingIsTold() throws Exception {
    for (String path : List.of("/status", "/openapi.json", "/nothing")) {
      HttpRequest.Builder bare = HttpRequest.newBuilder(uri(path));
      assertEquals(401, send(bare).statusCode());
      assertEquals(401, send(bare.header("Authorization", "Bearer wrong")).statusCode());
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "GET  | /statu               |  |  404 | there is nothing at /statu; /openapi.json tells what there is.",
    "GET  | /status/             |  |  404 | there is nothing at /status/; /openapi.json tells what there is.",
    "POST | /status              | {} | 405 | /status takes GET only.",
    "GET  | /control             |  |  405 | /control takes POST only.",
    "GET  | /status?x=1          |  |  400 | /status takes no parameter 'x'; it takes none.",
    "POST | /control | [1]                                | 400 | the body is no JSON object.",
    "POST | /control | {\"id\":\"a\"}                     | 400 | "
        + "a request needs one of set, resetWeights, pin, unpin.",
    "POST | /control | {\"id\":\"a b\",\"resetWeights\":true} | 400 | "
        + "id must be 1 to 64 letters, digits, '.', '_', ':' and '-'.",
    "POST | /control | {\"resetWeights\":1}               | 400 | resetWeights must be true.",
    "POST | /control | {\"reset\":true}                   | 400 | "
        + "a request has no 'reset'; it has id and one of set, resetWeights, pin, unpin.",
    "POST | /control | {\"set\":{\"popluation\":5}}       | 400 | 'popluation' cannot be set; "
        + "did you mean population?",
    "POST | /control | {\"set\":{\"steps\":5,\"batch\":5}} | 400 | set must be an object of one key and its value, "
        + "like {\"population\": 200}: every change is an event of its own.",
    "POST | /control | {\"set\":{\"steps\":[5]}}          | 400 | steps must be a text, a number, true or false.",
    "POST | /control | {\"pin\":1,\"unpin\":1}            | 400 | a request has one of set, resetWeights, pin, unpin, "
        + "not pin and unpin: every change is an event of its own.",
    "POST | /control | {\"set\":{\"steps\":0}}            | 409 | "
        + "steps must be a whole number from 1 to 1000000000, not '0'.",
    "POST | /control | {\"set\":{\"paused\":false}}       | 409 | The experiment is not paused.",
    "POST | /control | {\"set\":{\"population\":24}}      | 409 | population is 24 already.",
    "POST | /control | {\"unpin\":7}                      | 409 | Event 7 is not pinned; none is.",
    "POST | /control | {\"pin\":0}                        | 400 | pin must be the number of an event, or \"now\".",
    "POST | /control | {\"unpin\":\"now\"}                | 400 | unpin must be the number of an event.",
  })
  void whatMakesNoSense_isOneSentenceAndChangesNothing(
      String method, String path, String body, int code, String sentence) throws Exception {
    HttpRequest.Builder request = request(path).method(method, body == null
        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<String> response = send(request.header("Content-Type", "application/json"));
    assertEquals(Map.of("error", sentence), Map.of("error", Json.parse(response.body()).get("error").asText()));
    assertEquals(code, response.statusCode());
    assertEquals(1, experiment.population().head().sequence());
  }

  @Test
  void bodies_areJsonOfSomeLength() throws Exception {
    String valid = "{\"resetWeights\":true}";
    assertEquals(415, send(request("/control").POST(HttpRequest.BodyPublishers.ofString(valid))).statusCode());
    assertEquals(415, send(request("/control").POST(HttpRequest.BodyPublishers.ofString(valid))
        .header("Content-Type", "text/plain")).statusCode());
    HttpRequest.Builder flood = request("/control").header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(" ".repeat(RequestReader.LONGEST_BODY + 1)));
    assertEquals(413, send(flood).statusCode());
    HttpRequest.Builder latin = request("/control").header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xe9, '"', ':', '1', '}'}));
    assertEquals("the body is not UTF-8.", Json.parse(send(latin).body()).get("error").asText());
    assertEquals(1, experiment.population().head().sequence());
  }

  @Test
  @Tag("long")
  void whoeverNeverEndsHisRequest_isCutOff_andOthersAreAnswered() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri("/").getPort());
        slow.add(socket);
        socket.getOutputStream().write("POST /control HTTP/1.1\r\nContent-Le".getBytes(StandardCharsets.US_ASCII));
      }
      assertEquals(200, send(request("/status").timeout(Duration.ofSeconds(90))).statusCode());
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void ownersFile_isForThisUserAloneAndGoesWithTheServer() throws Exception {
    Path file = folder.resolve("owner.json");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(Owner.of(folder).orElseThrow().address().startsWith("127.0.0.1:"));
    server.close();
    assertEquals(Optional.empty(), ControlClient.ask(folder, "/status"));
    try (var left = Files.list(folder)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void addressThatIsTaken_isRefused() throws Exception {
    int port = URI.create("http://" + Owner.of(folder).orElseThrow().address()).getPort();
    UserError taken = assertThrows(UserError.class,
        () -> ControlServer.bind(folder, new Configuration.Http("127.0.0.1", port, "")));
    assertTrue(taken.getMessage().startsWith("cambrian.http.host and cambrian.http.port: 127.0.0.1:" + port
        + " cannot be listened on ("), taken.getMessage());
  }

  @Test
  void tokenOfTheConfiguration_isTheToken(@TempDir Path other) throws Exception {
    try (ControlServer own = ControlServer.bind(
        other, new Configuration.Http("0.0.0.0", 0, "a-token-of-seventeen"))) {
      own.serve(new Routes(ExperimentRoutes.of(experiment, experiment)));
      Owner owner = Owner.of(other).orElseThrow();
      assertEquals("a-token-of-seventeen", owner.token());
      assertTrue(owner.address().startsWith("127.0.0.1:"), owner.address());
      assertTrue(ControlClient.ask(other, "/status").isPresent());
    }
  }

  @Test
  void ownerThatCrashed_isNobody(@TempDir Path other) throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    new Owner(gone.pid(), "127.0.0.1:1", "t").write(other);
    assertEquals(Optional.empty(), ControlClient.ask(other, "/status"));
    new Owner(ProcessHandle.current().pid(), "127.0.0.1:1", "t").write(other);
    assertEquals(Optional.empty(), ControlClient.ask(other, "/status"));
  }

  private URI uri(String path) throws IOException {
    return URI.create("http://" + Owner.of(folder).orElseThrow().address() + path);
  }

  private HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer "
        + Owner.of(folder).orElseThrow().token());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
