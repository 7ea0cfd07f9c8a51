package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files with which Cambrian is put on machines name what there is. */
class DeployTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static List<JsonNode> documents(Path file) throws Exception {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    return StreamSupport.stream(yaml.loadAll(Files.readString(file)).spliterator(), false)
        .map(document -> JSON.<JsonNode>valueToTree(document)).toList();
  }

  private Configuration accepted(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("application.conf"),
        text + "\ncambrian.http.token = \"a-token-of-sixteen-and-more\"\n");
    return ConfigurationFile.load(folder, Optional.of(file), Map.of()).checked();
  }

  @Test
  void applicationConf_isAccepted() throws Exception {
    Configuration configuration = accepted(Files.readString(DEPLOY.resolve("application.conf")));
    assertEquals("first", configuration.experiment());
    assertTrue(configuration.cluster().management().isEmpty());
  }

  @Test
  void kubernetes_itsConfigurationIsAccepted_andItsPortsAreThoseOfTheContainers() throws Exception {
    Path kubernetes = DEPLOY.resolve("kubernetes");
    Configuration configuration = accepted(documents(kubernetes.resolve("configuration.yaml")).get(0)
        .at("/data/application.conf").asText());
    int management = configuration.cluster().management().orElseThrow().port();
    assertTrue(configuration.cluster().management().orElseThrow().bootstrap());
    for (String part : List.of("population", "worker")) {
      List<JsonNode> all = documents(kubernetes.resolve(part + ".yaml"));
      JsonNode pod = all.get(all.size() - 1).at("/spec/template");
      assertEquals("cambrian", pod.at("/metadata/labels/app").asText(), "the label by which nodes find each other");
      JsonNode container = pod.at("/spec/containers/0");
      Map<String, Integer> ports = new HashMap<>();
      container.get("ports").forEach(port -> ports.put(port.get("name").asText(), port.get("containerPort").asInt()));
      assertEquals(Map.of("nodes", configuration.cluster().port(), "management", management,
          "http", configuration.http().port()), ports);
      assertEquals("/ready", container.at("/readinessProbe/httpGet/path").asText());
      assertEquals("management", container.at("/livenessProbe/httpGet/port").asText());
      List<String> arguments = new ArrayList<>();
      container.get("args").forEach(argument -> arguments.add(argument.asText()));
      assertEquals("node", arguments.get(0));
      assertTrue(arguments.contains(part), arguments.toString());
    }
  }

  @Test
  void kustomization_namesEveryFileThatIsThere() throws Exception {
    Path kubernetes = DEPLOY.resolve("kubernetes");
    Set<String> named = new HashSet<>(Set.of("kustomization.yaml"));
    documents(kubernetes.resolve("kustomization.yaml")).get(0).get("resources")
        .forEach(resource -> named.add(resource.asText()));
    try (Stream<Path> files = Files.list(kubernetes)) {
      Set<String> there = new HashSet<>();
      for (Path file : files.toList()) {
        there.add(file.getFileName().toString());
        documents(file).forEach(document -> assertTrue(document.hasNonNull("kind"), file + ": " + document));
      }
      assertEquals(there, named);
    }
  }

  @Test
  void compose_startsNodesWithOptionsThatThereAre() throws Exception {
    JsonNode services = documents(DEPLOY.resolve("compose.yaml")).get(0).get("services");
    assertEquals(Set.of("postgres", "population", "worker"), new HashSet<>(names(services)));
    for (String service : List.of("population", "worker")) {
      List<String> command = new ArrayList<>();
      services.get(service).get("command").forEach(word -> command.add(word.asText()));
      assertEquals("node", Cambrian.commandLine(session()).parseArgs(command.toArray(String[]::new))
          .subcommand().commandSpec().name());
    }
  }

  private Session session() {
    return new Session(System.out, System.err, false, false, folder);
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
