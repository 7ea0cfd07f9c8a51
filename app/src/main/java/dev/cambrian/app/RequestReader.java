package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what a request says, as far as its route takes it; whatever else it says is refused. */
final class RequestReader {

  /** The longest body, in bytes: a query fits, a flood does not. */
  static final int LONGEST_BODY = 64 << 10;

  private RequestReader() {}

  /**
   * Reads a request whose route is known.
   *
   * @throws HttpRefusal where it is not one that the route takes
   */
  static Asked read(HttpExchange exchange, Routes.Match match) throws HttpRefusal {
    Map<String, String> values = new HashMap<>(match.values());
    query(exchange.getRequestURI().getRawQuery(), match.route(), values);
    return new Asked(values, match.route().body().isPresent() ? body(exchange) : Json.object());
  }

  private static void query(String query, Route route, Map<String, String> values) throws HttpRefusal {
    if (query == null || query.isEmpty()) {
      return;
    }
    List<String> known = route.parameters().stream()
        .filter(parameter -> !route.inPath(parameter)).map(Route.Parameter::name).toList();
    for (String part : query.split("&", -1)) {
      String[] sides = part.split("=", 2);
      String name = URLDecoder.decode(sides[0], StandardCharsets.UTF_8);
      if (!known.contains(name)) {
        String guess = Spelling.nearest(name, known).map(near -> "did you mean " + near + "?")
            .orElse(known.isEmpty() ? "it takes none." : "it takes " + String.join(", ", known) + ".");
        throw bad(route.path() + " takes no parameter '" + name + "'; " + guess);
      }
      if (values.put(name, sides.length < 2 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8)) != null) {
        throw bad("the parameter " + name + " is given twice.");
      }
    }
  }

  private static ObjectNode body(HttpExchange exchange) throws HttpRefusal {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;\\s*charset=\"?utf-8\"?\\s*)?")) {
      throw new HttpRefusal(HttpRefusal.UNSUPPORTED_MEDIA_TYPE, "the body must be JSON in UTF-8, with the header "
          + "Content-Type: application/json.");
    }
    byte[] bytes = bytes(exchange);
    if (bytes.length > LONGEST_BODY) {
      throw new HttpRefusal(
          HttpRefusal.CONTENT_TOO_LARGE, "the body has more than " + LONGEST_BODY + " bytes.");
    }
    try {
      return Json.parseStrictly(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw bad("the body is not UTF-8.");
    } catch (IllegalArgumentException e) {
      throw bad("the body is " + e.getMessage() + ".");
    }
  }

  private static byte[] bytes(HttpExchange exchange) throws HttpRefusal {
    try {
      return exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
    } catch (IOException | RuntimeException e) {
      // The JDK's server throws both on chunks that are none.
      throw bad("the body does not arrive as its headers announce it.");
    }
  }

  private static HttpRefusal bad(String sentence) {
    return new HttpRefusal(HttpRefusal.BAD_REQUEST, sentence);
  }
}
