package dev.cambrian.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.actors.NodeReport;
import dev.cambrian.actors.StateDigest;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What scripts read: the JSON objects that commands print and the controlling process answers with, both ways. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectReader STRICT = MAPPER.reader()
      .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  /** An experiment's status: the object of {@code status --json}. */
  static ObjectNode status(Progress progress, List<NodeReport> nodes) {
    ObjectNode node = counts(progress);
    node.set("nodes", nodes(nodes));
    return node;
  }

  /** Of what runs in no cluster. */
  static ObjectNode status(Progress progress) {
    return status(progress, List.of());
  }

  private static ObjectNode counts(Progress progress) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("experiment", progress.experiment());
    node.put("state", progress.state());
    node.put("event", progress.event());
    node.put("individuals", progress.individuals());
    node.put("alive", progress.alive());
    node.put("dead", progress.dead());
    node.put("training", progress.training());
    node.put("failed", progress.failed());
    put(node, "best", progress.best());
    node.put("flops", progress.flops());
    node.put("elapsedSeconds", progress.elapsedSeconds());
    return node;
  }

  /** What {@link #status} writes. */
  static ObjectNode statusSchema() {
    return JsonSchema.object(JsonSchema.fields()
        .and("experiment", JsonSchema.text("Its name."))
        .and("state", JsonSchema.choice("What it does.", List.of("evolving", "paused", "stopped", "finished")))
        .and("event", JsonSchema.whole("The last event's number.", 0))
        .and("individuals", JsonSchema.whole("Individuals ever conceived.", 0))
        .and("alive", JsonSchema.whole("Individuals alive.", 0))
        .and("dead", JsonSchema.whole("Individuals that were killed.", 0))
        .and("training", JsonSchema.whole("Individuals in training.", 0))
        .and("failed", JsonSchema.whole("Individuals that never lived.", 0))
        .and("best", JsonSchema.orNull(JsonSchema.number("The best fitness so far, 0 to 1.")))
        .and("flops", JsonSchema.number("Floating-point operations spent."))
        .and("elapsedSeconds", JsonSchema.number("Seconds of evolution, all sittings together."))
        .and("nodes", nodesSchema()));
  }

  /** The members of a cluster: the list of {@code cluster status --json}. */
  static ArrayNode nodes(List<NodeReport> nodes) {
    ArrayNode list = MAPPER.createArrayNode();
    for (NodeReport report : nodes) {
      ObjectNode node = list.addObject();
      node.put("node", report.node());
      node.put("address", report.address());
      node.put("state", report.state());
      report.roles().forEach(node.putArray("roles")::add);
      ArrayNode devices = node.putArray("devices");
      report.devices().forEach(device ->
          devices.addObject().put("device", device.name()).put("slots", device.slots()));
      ArrayNode trainings = node.putArray("trainings");
      report.trainings().forEach(training -> trainings.addObject()
          .put("worker", training.worker())
          .put("individual", training.child())
          .put("attempt", training.attempt())
          .put("step", training.step())
          .put("steps", training.steps())
          .put("seconds", training.seconds()));
    }
    return list;
  }

  /** What {@link #nodes} writes. */
  static ObjectNode nodesSchema() {
    return JsonSchema.list("The nodes of its cluster; none where no process evolves it.",
        JsonSchema.object(JsonSchema.fields()
            .and("node", JsonSchema.text("Its name."))
            .and("address", JsonSchema.text("Where the other nodes reach it, HOST:PORT."))
            .and("state", JsonSchema.choice("How it takes part.",
                List.of("joining", "up", "draining", "leaving", "unreachable")))
            .and("roles", JsonSchema.list("What it does.", JsonSchema.text("population, worker or web.")))
            .and("devices", JsonSchema.list("What it trains on.", JsonSchema.object(JsonSchema.fields()
                .and("device", JsonSchema.text("Its name."))
                .and("slots", JsonSchema.whole("Trainings at the same time.", 0)))))
            .and("trainings", JsonSchema.list("What is in training on it.", JsonSchema.object(JsonSchema.fields()
                .and("worker", JsonSchema.text("The slot."))
                .and("individual", JsonSchema.whole("Who.", 1))
                .and("attempt", JsonSchema.whole("The attempt's number.", 1))
                .and("step", JsonSchema.whole("Steps done.", 0))
                .and("steps", JsonSchema.whole("Of so many; 0 before it has begun.", 0))
                .and("seconds", JsonSchema.number("For how long the slot has had it.")))))));
  }

  /** The status and how fast it goes: the objects that {@code evolve --json} streams. */
  static ObjectNode progress(Progress progress) {
    ObjectNode node = counts(progress);
    put(node, "bestIndividual", progress.bestIndividual());
    put(node, "mean", progress.mean());
    node.put("individualsPerMinute", progress.individualsPerMinute());
    node.put("imagesPerSecond", progress.imagesPerSecond());
    put(node, "done", progress.done());
    put(node, "secondsLeft", progress.secondsLeft());
    ArrayNode slots = node.putArray("slots");
    for (Progress.Slot slot : progress.slots()) {
      slots.addObject().put("individual", slot.individual()).put("step", slot.step()).put("steps", slot.steps());
    }
    return node;
  }

  /** The object of {@code best --json}. */
  static ObjectNode best(BestModel best) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("experiment", best.experiment());
    node.put("individual", best.individual());
    node.put("fitness", best.fitness());
    put(node, "testAccuracy", best.testAccuracy());
    node.put("parameters", best.parameters());
    node.put("flops", best.flops());
    node.put("generation", best.generation());
    node.put("network", best.network());
    node.put("weights", best.weights());
    return node;
  }

  /** What the process that evolves answers about the best model. */
  static ObjectNode bestWithArchitecture(BestModel best) {
    return best(best).put("architecture", best.architecture());
  }

  /** What {@link #bestWithArchitecture} writes. */
  static ObjectNode bestSchema() {
    return JsonSchema.object(JsonSchema.fields()
        .and("experiment", JsonSchema.text("Its name."))
        .and("individual", JsonSchema.whole("The individual's number.", 1))
        .and("fitness", JsonSchema.number("Accuracy on the validation set, 0 to 1."))
        .and("testAccuracy",
            JsonSchema.orNull(JsonSchema.number("Accuracy on the test set, 0 to 1; null before it was read.")))
        .and("parameters", JsonSchema.whole("Trained values.", 0))
        .and("flops", JsonSchema.number("Floating-point operations of its training and validation."))
        .and("generation", JsonSchema.whole("0 for an initial individual.", 0))
        .and("network", JsonSchema.text("The file of its network."))
        .and("weights", JsonSchema.text("The file of its weights."))
        .and("architecture", JsonSchema.text("Its network, drawn as text.")));
  }

  /** What came of a request: the object of {@code control --json}. */
  static ObjectNode control(ControlRequest request, ControlAnswer answer) {
    return MAPPER.createObjectNode()
        .put("id", request.id())
        .put("event", answer.event())
        .put("change", request.text())
        .put("note", answer.note());
  }

  /** What {@link #control} writes. */
  static ObjectNode controlSchema() {
    return JsonSchema.object(JsonSchema.fields()
        .and("id", JsonSchema.text("The request's id."))
        .and("event", JsonSchema.whole("The event's number.", 1))
        .and("change", JsonSchema.text("What was asked for, as on the command line."))
        .and("note", JsonSchema.text("When and for whom it holds.")));
  }

  /** The best model of such an answer. */
  static BestModel best(ObjectNode node) {
    return new BestModel(
        node.path("experiment").asText(), node.path("individual").asLong(), node.path("fitness").asDouble(),
        node.path("testAccuracy").isNumber()
            ? OptionalDouble.of(node.path("testAccuracy").asDouble()) : OptionalDouble.empty(),
        node.path("parameters").asLong(), node.path("flops").asDouble(), node.path("generation").asInt(),
        node.path("network").asText(), node.path("weights").asText(), node.path("architecture").asText());
  }

  /** A row of an answer: its values by the columns' names. */
  static ObjectNode row(List<String> names, List<Object> values) {
    ObjectNode node = MAPPER.createObjectNode();
    for (int i = 0; i < names.size(); i++) {
      node.set(names.get(i), MAPPER.valueToTree(values.get(i)));
    }
    return node;
  }

  /** What the process that evolves answers about the population's state. */
  static ObjectNode digest(StateDigest digest) {
    return MAPPER.createObjectNode().put("event", digest.event()).put("sha256", digest.sha256());
  }

  /** The schema of such an answer. */
  static ObjectNode digestSchema() {
    return JsonSchema.object(JsonSchema.fields()
        .and("event", JsonSchema.whole("The last event in it.", 0))
        .and("sha256", JsonSchema.text("SHA-256 of the population's snapshot then, in hexadecimal digits.")));
  }

  /** The digest of such an answer. */
  static StateDigest digest(ObjectNode node) {
    return new StateDigest(node.path("event").asLong(), node.path("sha256").asText());
  }

  /** One line without a line break. */
  static String line(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + node, e);
    }
  }

  /** With line breaks, for files that people open. */
  static String pretty(JsonNode node) {
    return node.toPrettyString() + "\n";
  }

  /** The tree of a record of plain values. */
  static JsonNode tree(Object record) {
    return MAPPER.valueToTree(record);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * The object of a text.
   *
   * @throws IllegalArgumentException where it is none
   */
  static ObjectNode parse(String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode node) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException("no JSON object");
  }

  /**
   * The object of a text from elsewhere: nothing after it, and no field twice.
   *
   * @throws IllegalArgumentException where it is none
   */
  static ObjectNode parseStrictly(String text) {
    try {
      if (STRICT.readTree(text) instanceof ObjectNode node) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage().replaceAll("\\s+", " "), e);
    }
    throw new IllegalArgumentException("no JSON object");
  }

  private static void put(ObjectNode node, String field, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(field, value.getAsDouble());
    } else {
      node.putNull(field);
    }
  }

  private static void put(ObjectNode node, String field, OptionalLong value) {
    if (value.isPresent()) {
      node.put(field, value.getAsLong());
    } else {
      node.putNull(field);
    }
  }
}
