package dev.cambrian.app;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All routes of a server, with the one that tells about them. */
final class Routes {
  private final List<Route> all = new ArrayList<>();

  Routes(List<Route> routes) {
    all.addAll(routes);
    all.add(Route.get("/openapi.json", "This document.", List.of(),
        Route.Reply.json("An OpenAPI 3.1 document.", JsonSchema.anyObject("The document.")),
        asked -> Answer.of(OpenApi.document(all))));
  }

  /** A route that was found, and the values of its path's parameters. */
  record Match(Route route, Map<String, String> values) {}

  List<Route> all() {
    return List.copyOf(all);
  }

  /**
   * The route of a method and a path as it was sent.
   *
   * @throws HttpRefusal where there is none
   */
  Match find(String method, String rawPath) throws HttpRefusal {
    String[] segments = Route.segments(rawPath);
    for (int i = 0; i < segments.length; i++) {
      segments[i] = URLDecoder.decode(segments[i].replace("+", "%2B"), StandardCharsets.UTF_8);
    }
    List<String> methods = new ArrayList<>();
    for (Route route : all) {
      Optional<Map<String, String>> values = route.match(segments);
      if (values.isPresent() && route.method().equals(method)) {
        return new Match(route, values.get());
      }
      values.ifPresent(here -> methods.add(route.method()));
    }
    if (methods.isEmpty()) {
      throw new HttpRefusal(HttpRefusal.NOT_FOUND, "there is nothing at " + rawPath + "; /openapi.json tells what there"
          + " is.");
    }
    throw new HttpRefusal(
        HttpRefusal.METHOD_NOT_ALLOWED, rawPath + " takes " + String.join(" and ", methods) + " only.");
  }
}
