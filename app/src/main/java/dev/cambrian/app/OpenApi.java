package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The OpenAPI 3.1 document of a table of routes. */
final class OpenApi {

  /** Counts changes of the interface that old clients would notice. */
  private static final String VERSION = "1";

  private static final String ERROR = "Error";
  private static final String TOKEN = "token";

  private OpenApi() {}

  static ObjectNode document(List<Route> routes) {
    ObjectNode document = Json.object().put("openapi", "3.1.0");
    document.putObject("info")
        .put("title", "Cambrian")
        .put("summary", "Watch and steer an experiment while a process evolves it.")
        .put("version", VERSION);
    ObjectNode paths = document.putObject("paths");
    for (Route route : routes) {
      paths.withObjectProperty(route.path()).set(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    ObjectNode components = document.putObject("components");
    components.putObject("schemas").set(ERROR, JsonSchema.object(JsonSchema.fields()
        .and("error", JsonSchema.text("What is wrong, and what to do, in one sentence."))));
    ObjectNode error = components.putObject("responses").putObject(ERROR);
    error.put("description", "It was not done: 400 what was asked is no such request, 401 the token is missing or"
        + " wrong, 404 and 405 there is no such route, 409 it makes no sense now, 413 it is too long, 415 it is no"
        + " JSON.");
    error.putObject("content").putObject(Route.JSON).putObject("schema").put("$ref", "#/components/schemas/" + ERROR);
    components.putObject("securitySchemes").putObject(TOKEN)
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "The token in the owner.json of the experiment's folder, or cambrian.http.token.");
    document.putArray("security").addObject().putArray(TOKEN);
    return document;
  }

  private static ObjectNode operation(Route route) {
    ObjectNode operation = Json.object()
        .put("operationId", operationId(route))
        .put("summary", route.summary());
    if (!route.parameters().isEmpty()) {
      ArrayNode parameters = operation.putArray("parameters");
      for (Route.Parameter parameter : route.parameters()) {
        parameters.addObject()
            .put("name", parameter.name())
            .put("in", route.inPath(parameter) ? "path" : "query")
            .put("required", route.inPath(parameter))
            .put("description", parameter.description())
            .set("schema", parameter.schema());
      }
    }
    route.body().ifPresent(schema -> operation.putObject("requestBody").put("required", true)
        .putObject("content").putObject(Route.JSON).set("schema", schema));
    ObjectNode responses = operation.putObject("responses");
    ObjectNode contents =
        responses.putObject("200").put("description", route.reply().description()).putObject("content");
    route.reply().contents().forEach((type, schema) -> contents.putObject(type).set("schema", schema));
    responses.putObject("default").put("$ref", "#/components/responses/" + ERROR);
    return operation;
  }

  /** The method and the path's words, e.g. {@code getIndividualsId}. */
  private static String operationId(Route route) {
    StringBuilder id = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
    for (String word : route.path().split("[^A-Za-z]+")) {
      if (!word.isEmpty()) {
        id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
      }
    }
    return id.toString();
  }
}
