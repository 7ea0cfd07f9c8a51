package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that can be asked over HTTP: how, what it takes, what it answers, and who answers. The server and the
 * OpenAPI document are both made of these, so that neither knows a route that the other does not.
 *
 * @param method {@code "GET"} or {@code "POST"}
 * @param path segments after slashes; one in braces, like {@code {id}}, stands for the parameter of that name
 * @param summary one sentence on what it does
 * @param body the schema of the JSON object that a request must carry; empty where it carries none
 * @param reply what is answered with 200
 */
record Route(
    String method,
    String path,
    String summary,
    List<Parameter> parameters,
    Optional<ObjectNode> body,
    Reply reply,
    Handler handler) {

  static final String JSON = "application/json";

  /** One JSON object a line. */
  static final String JSON_LINES = "application/x-ndjson";

  Route {
    parameters = List.copyOf(parameters);
  }

  /** Something to read that is named by its path and parameters. */
  static Route get(String path, String summary, List<Parameter> parameters, Reply reply, Handler handler) {
    return new Route("GET", path, summary, parameters, Optional.empty(), reply, handler);
  }

  /** Something that is asked with a JSON object. */
  static Route post(String path, String summary, ObjectNode body, Reply reply, Handler handler) {
    return new Route("POST", path, summary, List.of(), Optional.of(body), reply, handler);
  }

  /** A value in the path or, where the path does not name it, in the query, which may lack it. */
  record Parameter(String name, String description, ObjectNode schema) {}

  /** An answer: for each content type that it may have the schema of the object, of each line, or of the text. */
  record Reply(String description, Map<String, ObjectNode> contents) {

    Reply {
      contents = Collections.unmodifiableMap(new LinkedHashMap<>(contents));
    }

    /** One JSON object. */
    static Reply json(String description, ObjectNode schema) {
      return new Reply(description, Map.of(JSON, schema));
    }

    /** A JSON object a line. */
    static Reply lines(String description, ObjectNode schema) {
      return new Reply(description, Map.of(JSON_LINES, schema));
    }

    /** Or a text of another content type. */
    Reply or(String contentType, String what) {
      Map<String, ObjectNode> more = new LinkedHashMap<>(contents);
      more.put(contentType, JsonSchema.text(what));
      return new Reply(description, more);
    }
  }

  /** Who answers. */
  interface Handler {

    /**
     * The answer.
     *
     * @throws UserError where what is asked for makes no sense
     */
    Answer answer(Asked asked) throws Exception;
  }

  /** Whether a parameter is a segment of the path. */
  boolean inPath(Parameter parameter) {
    return path.contains("{" + parameter.name() + "}");
  }

  /** The values of the path's parameters where these segments are this route's path; empty where they are not. */
  Optional<Map<String, String>> match(String[] segments) {
    String[] own = segments(path);
    if (own.length != segments.length) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < own.length; i++) {
      if (own[i].startsWith("{")) {
        values.put(own[i].substring(1, own[i].length() - 1), segments[i]);
      } else if (!own[i].equals(segments[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  /** What stands between the slashes of a path. */
  static String[] segments(String path) {
    return path.split("/", -1);
  }
}
