package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What is answered over HTTP: one object, a text, or, where that could be too long to be held, one object after the
 * other.
 *
 * @param contentType one of its route's
 */
record Answer(String contentType, Body body) {

  /** What is sent, in UTF-8. */
  interface Body {

    /** Writes all of it; leaves the stream open. */
    void writeTo(OutputStream out) throws Exception;
  }

  /** One object. */
  static Answer of(ObjectNode object) {
    return new Answer(Route.JSON, out -> write(object, out));
  }

  /** Objects, each on a line of its own. */
  static Answer lines(Body body) {
    return new Answer(Route.JSON_LINES, body);
  }

  /** A text. */
  static Answer of(String contentType, String text) {
    return new Answer(contentType, out -> out.write((text + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes one object and ends its line. */
  static void write(ObjectNode object, OutputStream out) throws IOException {
    out.write((Json.line(object) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
