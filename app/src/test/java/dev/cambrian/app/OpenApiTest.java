package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.cambrian.persistence.Journal;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is served as the OpenAPI document is one, and every route answers as it says. */
class OpenApiTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);

  /** Requests for every route. */
  private static final Map<String, List<Example>> EXAMPLES = Map.ofEntries(
      reading("/status", "/status"),
      reading("/best", "/best"),
      reading("/engine", "/engine"),
      reading("/digest", "/digest"),
      reading("/openapi.json", "/openapi.json"),
      reading("/history", "/history", "/history?to=9", "/history?from=5&to=7"),
      reading("/population", "/population", "/population?at=1", "/population?at=40"),
      reading("/individuals/{id}", "/individuals/1", "/individuals/ALIVE", "/individuals/2?at=20"),
      reading("/lineage/{id}", "/lineage/1", "/lineage/ALIVE", "/lineage/ALIVE?format=text",
          "/lineage/ALIVE?format=dot", "/lineage/ALIVE?format=svg"),
      reading("/cluster", "/cluster"),
      reading("/metrics", "/metrics"),
      posting("/cluster/leave", "{\"node\":\"gpu-1\"}"),
      posting("/cluster/drain", "{\"node\":\"gpu-1\"}"),
      posting("/query", "{\"sql\":\"SELECT id, fitness FROM individuals ORDER BY id\"}",
          "{\"sql\":\"SELECT count(*) FROM events\"}"),
      posting("/control",
          "{\"id\":\"first\",\"set\":{\"population\":200}}",
          "{\"id\":\"first\",\"set\":{\"population\":200}}",
          "{\"set\":{\"mutation.filter-size\":\"2.5\"}}",
          "{\"set\":{\"paused\":true}}",
          "{\"pin\":3}",
          "{\"pin\":\"now\"}",
          "{\"unpin\":3}"));

  private static Map.Entry<String, List<Example>> reading(String path, String... asked) {
    return Map.entry("get " + path, Stream.of(asked).map(one -> new Example(one, "")).toList());
  }

  private static Map.Entry<String, List<Example>> posting(String path, String... bodies) {
    return Map.entry("post " + path, Stream.of(bodies).map(body -> new Example(path, body)).toList());
  }

  private record Example(String path, String body) {}

  @TempDir static Path install;
  private static Path evolved;
  private static long alive;

  private Path folder;
  private ControlServer server;
  private FakeExperiment experiment;
  private JsonNode document;

  /** A real history, beside a population that only takes changes. */
  @BeforeAll
  static void evolve() throws Exception {
    try (CrashHarness harness = new CrashHarness(install, "served", 1000).workers(2)) {
      CrashHarness.Run run = harness.evolve("individuals=60");
      assertEquals(0, run.exitCode(), run::toString);
      evolved = harness.home().directory();
      WeightStores weights = ConfigurationFile.load(Path.of(""), Optional.empty(), Map.of()).weights();
      alive = StoredExperiment.read(Journal.of(harness.home()), weights).orElseThrow().population().living().get(0).id();
    }
  }

  @BeforeEach
  void serve() throws Exception {
    folder = evolved;
    experiment = new FakeExperiment(folder);
    server = ControlServer.bind(folder, new Configuration.Http("127.0.0.1", 0, ""));
    List<Route> routes = new ArrayList<>(ExperimentRoutes.of(experiment, experiment));
    routes.addAll(ClusterRoutes.of(new FakeCluster()));
    server.serve(new Routes(routes));
    document = ControlClient.ask(folder, "/openapi.json").orElseThrow();
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @Test
  void document_isOpenApi() {
    SwaggerParseResult parsed = parsed(document);
    assertEquals(List.of(), parsed.getMessages());
    assertEquals("3.1.0", parsed.getOpenAPI().getOpenapi());
    assertEquals(document.get("paths").size(), parsed.getOpenAPI().getPaths().size());

    ObjectNode wrong = document.deepCopy();
    ((ObjectNode) wrong.at("/info")).remove("title");
    ((ObjectNode) wrong.at("/paths/~1status/get")).put("answers", "none");
    assertFalse(parsed(wrong).getMessages().isEmpty(), "the parser finds what is wrong");
  }

  @Test
  void everySchema_isOne() {
    var metaschema = SCHEMAS.getSchema(SchemaLocation.of(SchemaId.V202012));
    List<JsonNode> schemas = document.findValues("schema");
    assertTrue(schemas.size() > EXAMPLES.size(), schemas.toString());
    schemas.forEach(schema -> assertEquals("[]", metaschema.validate(schema).toString(), schema.toString()));
    assertFalse(metaschema.validate(Json.parse("{\"type\":\"text\"}")).isEmpty(), "the metaschema finds what is wrong");
  }

  @Test
  void everyRoute_answersAsTheDocumentSays() throws Exception {
    Set<String> called = new HashSet<>();
    for (Map.Entry<String, JsonNode> path : document.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        String route = operation.getKey() + " " + path.getKey();
        assertTrue(EXAMPLES.containsKey(route), route + " has no example here");
        called.add(route);
        for (Example example : EXAMPLES.get(route)) {
          HttpRequest.Builder request = request(example.path().replace("ALIVE", String.valueOf(alive)));
          if (!example.body().isEmpty()) {
            assertFits(operation.getValue().at("/requestBody/content/application~1json/schema"),
                Json.parse(example.body()));
            request.header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(example.body()));
          }
          assertAnswers(operation.getValue(), request);
        }
      }
    }
    assertEquals(EXAMPLES.keySet(), called);
    assertEquals(200, experiment.population().inForce().population());
    assertTrue(experiment.population().paused());
  }

  @Test
  void everyRefusal_isTheError() throws Exception {
    JsonNode schema = document.at("/components/schemas/Error");
    for (HttpRequest.Builder request : List.of(
        request("/nothing"),
        request("/status?x=1"),
        request("/status").DELETE(),
        request("/control").POST(HttpRequest.BodyPublishers.ofString("{}")),
        request("/control").header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"set\":{\"population\":1}}")),
        request("/history?from=9&to=8"),
        request("/history?from=soon"),
        request("/population?at=1000000"),
        request("/individuals/0"),
        request("/individuals/1000000"),
        request("/lineage/1000000"),
        request("/lineage/1?format=png"),
        request("/query").header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"sql\":\"DROP TABLE individuals\"}")),
        request("/query").header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"sql\":1}")),
        request("/cluster/drain").header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"node\":\"nobody\"}")),
        request("/cluster/leave").header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"node\":1}")),
        HttpRequest.newBuilder(uri("/status")))) {
      HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertTrue(response.statusCode() >= 400 && response.statusCode() < 500, response.toString());
      assertFits(schema, Json.parse(response.body()));
    }
  }

  @Test
  void bodiesThatMakeNoSense_doNotFitTheSchemaEither() {
    JsonNode schema = document.at("/paths/~1control/post/requestBody/content/application~1json/schema");
    for (String body : List.of("{}", "{\"set\":{}}", "{\"set\":{\"a\":1}}", "{\"set\":{\"steps\":1,\"batch\":2}}",
        "{\"resetWeights\":false}", "{\"pin\":0}", "{\"pin\":\"then\"}", "{\"pin\":1,\"unpin\":1}", "{\"id\":\"a b\",\"pin\":1}",
        "{\"reset\":true}")) {
      assertFalse(SCHEMAS.getSchema(schema).validate(Json.parse(body)).isEmpty(), body);
    }
  }

  private void assertAnswers(JsonNode operation, HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, response.statusCode(), response.body());
    String type = response.headers().firstValue("Content-Type").orElseThrow();
    JsonNode schema = operation.at("/responses/200/content").get(type).get("schema");
    List<String> lines = response.body().lines().toList();
    assertTrue(lines.size() > 0, "an empty answer");
    if (type.equals(Route.JSON) || type.equals(Route.JSON_LINES)) {
      assertTrue(type.equals(Route.JSON_LINES) || lines.size() == 1, response.body());
      lines.forEach(line -> assertFits(schema, Json.parse(line)));
    } else {
      assertFits(schema, TextNode.valueOf(response.body()));
    }
  }

  private static void assertFits(JsonNode schema, JsonNode value) {
    assertEquals("[]", SCHEMAS.getSchema(schema).validate(value).toString(), value.toString());
  }

  private static SwaggerParseResult parsed(JsonNode document) {
    return new OpenAPIV3Parser().readContents(document.toString(), List.of(), new ParseOptions());
  }

  private URI uri(String path) throws IOException {
    return URI.create("http://" + Owner.of(folder).orElseThrow().address() + path);
  }

  private HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer "
        + Owner.of(folder).orElseThrow().token());
  }
}
