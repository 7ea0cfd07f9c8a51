package dev.cambrian.app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** HTTP requests as nobody should send them, and some as somebody should, byte by byte; the same for the same seed. */
final class RandomRequests {
  private static final List<String> METHODS =
      List.of("GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "get", "TRACE", "BREW", "P\tOST", "");
  private static final List<String> PATHS = List.of("/control", "/control", "/control", "/status", "/best", "/engine",
      "/openapi.json", "/", "/control/", "//control", "/control/..", "/%63ontrol", "/control%00", "/status?x=1",
      "/status?", "/control?id=a&id=b", "/%zz", "/individuals/1", "/individuals/x", "/history",
      "/history?from=x", "/history?to=-1", "/population?at=9", "/lineage/1?format=svg", "/lineage/\ud83d\ude00", "/query", "*", "control",
      "http://elsewhere/control", "mailto:somebody", "/\u00e9", "/a b");
  private static final List<String> FIELDS = List.of("id", "sql", "set", "set", "resetWeights", "pin", "unpin",
      "paused", "population", "", "__proto__", "\u0000", "\ud83d\ude00", "id\nid");
  private static final List<String> KEYS = List.of("population", "steps", "batch", "selection", "keep", "paused",
      "inheritance", "mutations-per-reproduction", "mutation.filter-size", "mutation.add-skip", "popluation", "seed",
      "cambrian.evolution.population", "", "Population", "mutation.", "mutation.FILTER_SIZE", "data");
  private static final List<String> VALUES = List.of("5", "200", "-1", "0", "1e400", "-0.0", "1e-320", "\"7\"", "\"\"",
      "\" 9 \"", "\"NaN\"", "\"0x10\"", "\"1d\"", "true", "false", "null", "[]", "{}", "[[1]]", "\"random\"",
      "\"tournament\"", "\"alive\"", "99999999999999999999", "2.5", "\"\\u0000\"", "\"\\ud800\"", "\"5\\n6\"",
      "\"" + "9".repeat(300) + "\"");

  private static final List<String> QUERIES = List.of("SELECT 1", "SELECT id FROM individuals", "DROP TABLE events",
      "SELECT * FROM read_csv('/etc/hostname')", "SELECT", "", ";", "\u0000", "'", "SELECT 1; SELECT 2", "1".repeat(9999),
      "SELECT " + "(".repeat(3000), "COPY events TO 'x.csv'", "ATTACH 'x'", "SELECT 1/0, 'a'::INT", "PRAGMA version");

  /**
   * One request.
   *
   * @param may whether it is whole, so that it may change something; every other one must be refused
   */
  record Bytes(byte[] bytes, boolean may) {}

  private final Random random;
  private final String token;

  RandomRequests(long seed, String token) {
    this.random = new Random(seed);
    this.token = token;
  }

  Bytes next() {
    switch (random.nextInt(14)) {
      case 0:
        return new Bytes(noise(random.nextInt(300)), false);
      case 1:
        return new Bytes(brokenLine(), false);
      case 2:
        return new Bytes(bytes("GET /status HTTP/1.1\r\n" + headers("") + manyHeaders() + "\r\n"), false);
      case 3:
        return new Bytes(wrongLength(), false);
      case 4:
        return new Bytes(brokenChunks(), false);
      case 5:
        return new Bytes(notUtf8(), false);
      case 6:
        return new Bytes(deep(), false);
      case 7:
        return new Bytes(cutShort(), false);
      case 8:
        return new Bytes(whole("POST", "/control", "Content-Type: " + pick(List.of("text/plain", "application/xml",
            "application/json; charset=latin1", "application/jsonp", "*/*", "")) + "\r\n", change()), false);
      case 9:
        return new Bytes(whole("POST", random.nextBoolean() ? "/query" : pick(PATHS),
            "Content-Type: application/json\r\n", Json.line(Json.object().put("sql", pick(QUERIES)))), false);
      default:
        String method = random.nextInt(3) == 0 ? pick(METHODS) : "POST";
        String path = random.nextInt(3) == 0 ? pick(PATHS) : "/control";
        String body = random.nextInt(3) == 0 ? json(3) : change();
        return new Bytes(whole(method, path, "Content-Type: application/json\r\n", body), true);
    }
  }

  /** A change with one key, which may be one that there is, and with one value, which may make sense. */
  private String change() {
    String id = random.nextBoolean() ? "\"id\":\"c" + random.nextInt(500) + "\"," : "";
    if (random.nextBoolean()) {
      return "{" + id + "\"set\":{" + pick(List.of("\"population\":" + random.nextInt(1000),
          "\"steps\":\"" + random.nextInt(1000) + "\"", "\"paused\":" + random.nextBoolean(),
          "\"mutation.add-skip\":" + random.nextDouble())) + "}}";
    }
    return random.nextInt(5) == 0
        ? "{" + id + "\"" + pick(List.of("resetWeights", "pin", "unpin")) + "\":" + pick(VALUES) + "}"
        : "{" + id + "\"set\":{\"" + pick(KEYS) + "\":" + pick(VALUES) + "}}";
  }

  private String json(int depth) {
    switch (depth == 0 ? 2 : random.nextInt(4)) {
      case 0:
        return "[" + json(depth - 1) + "," + json(depth - 1) + "]";
      case 1:
      case 3:
        StringBuilder object = new StringBuilder("{");
        for (int i = random.nextInt(4); i >= 0; i--) {
          String field = Json.line(Json.object().put(pick(FIELDS), 0));
          object.append(field, 1, field.length() - 2).append(json(depth - 1)).append(i == 0 ? "}" : ",");
        }
        return object.toString();
      default:
        return pick(VALUES);
    }
  }

  private byte[] whole(String method, String path, String headers, String body) {
    byte[] content = bytes(body);
    return join(bytes(method + " " + path + " HTTP/1." + random.nextInt(2) + "\r\n" + headers(headers)
        + "Content-Length: " + content.length + "\r\n\r\n"), content);
  }

  private String headers(String more) {
    String authorization = random.nextInt(8) == 0
        ? pick(List.of("", "Authorization: Bearer\r\n", "Authorization: Bearer " + token + "x\r\n",
            "Authorization: Basic " + token + "\r\n"))
        : "Authorization: Bearer " + token + "\r\n";
    return "Host: localhost\r\n" + authorization + more;
  }

  private byte[] brokenLine() {
    String rest = headers("Content-Type: application/json\r\n") + "Content-Length: 21\r\n\r\n{\"resetWeights\":true}";
    return bytes(pick(List.of("POST/control HTTP/1.1", "POST /controlHTTP/1.1", "POST", " ", "", "\u0000",
        "POST control HTTP/1.1", "POST \\control HTTP/1.1", "POST /con\u0000trol HTTP/1.1", "POST /%2 HTTP/1.1",
        "POST /" + "control".repeat(20_000) + " HTTP/1.1", "/control POST HTTP/1.1")) + "\r\n" + rest);
  }

  private String manyHeaders() {
    switch (random.nextInt(5)) {
      case 0:
        return "X: " + "y".repeat(200_000) + "\r\n";
      case 1:
        return "X: y\r\n".repeat(500);
      case 2:
        return ": nameless\r\n";
      case 3:
        return "bad name\u0001: y\r\n";
      default:
        return "Transfer-Encoding: " + pick(List.of("gzip", "chunked, chunked", "", "identity")) + "\r\n";
    }
  }

  private byte[] wrongLength() {
    String length = pick(List.of("22", "1000000", "99999999999999999999", "-1", "20", "0", "x", "", "2e1", "21\r\n"
        + "Content-Length: 22", "21\r\nTransfer-Encoding: chunked"));
    return bytes("POST /control HTTP/1.1\r\n" + headers("Content-Type: application/json\r\n") + "Content-Length: "
        + length + "\r\n\r\n{\"resetWeights\":true}");
  }

  private byte[] brokenChunks() {
    String chunks = pick(List.of("15\r\n{\"resetWeights\":true}", "15\r\n{\"resetWeights\":true}\r\n",
        "zz\r\n{\"resetWeights\":true}\r\n0\r\n\r\n", "-15\r\n{\"resetWeights\":true}\r\n0\r\n\r\n",
        "ffffffffffffffff\r\n{\"resetWeights\":true}", "14\r\n{\"resetWeights\":true}\r\n0\r\n\r\n", "\r\n\r\n",
        "7fffffff\r\n{\"resetWeights\":true}"));
    return bytes("POST /control HTTP/1.1\r\n" + headers("Content-Type: application/json\r\n")
        + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
  }

  private byte[] notUtf8() {
    byte[] body = bytes("{\"id\":\"ab\",\"resetWeights\":true}");
    body[7] = (byte) (0x80 + random.nextInt(0x40));
    return join(bytes("POST /control HTTP/1.1\r\n" + headers("Content-Type: application/json\r\n")
        + "Content-Length: " + body.length + "\r\n\r\n"), body);
  }

  private byte[] deep() {
    int depth = 1 + random.nextInt(30_000);
    String body = random.nextBoolean() ? "[".repeat(depth) : "{\"set\":".repeat(Math.min(depth, 9000));
    return whole("POST", "/control", "Content-Type: application/json\r\n", body);
  }

  private byte[] cutShort() {
    byte[] all = whole("POST", "/control", "Content-Type: application/json\r\n", "{\"resetWeights\":true}");
    return Arrays.copyOf(all, random.nextInt(all.length));
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[] head, byte[] tail) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head);
    all.writeBytes(tail);
    return all.toByteArray();
  }
}
