package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What is answered over HTTP: one object, or, where that could be too long to be held, one after another. */
interface Answer {

  /** Writes all of it, in UTF-8; leaves the stream open. */
  void writeTo(OutputStream out) throws Exception;

  /** One object. */
  static Answer of(ObjectNode object) {
    return out -> write(object, out);
  }

  /** Writes one object and ends its line. */
  static void write(ObjectNode object, OutputStream out) throws IOException {
    out.write((Json.line(object) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
