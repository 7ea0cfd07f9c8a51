package dev.cambrian.training;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One bucket behind the part of the S3 protocol that a weight store speaks, on a loopback port. It works out every
 * request's signature (version 4) itself and refuses a wrong one; it can be stopped, and started again as it was.
 */
final class S3Server implements AutoCloseable {
  static final String ACCESS_KEY = "AKTEST";
  static final String SECRET_KEY = "a secret of the tests";
  static final String REGION = "eu-test-1";
  private static final int PAGE = 3;

  /** An object; its time can be set. */
  static final class Stored {
    volatile byte[] bytes;
    volatile Instant modified = Instant.now();

    Stored(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final String bucket;
  final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
  final AtomicInteger requests = new AtomicInteger();
  /** What it answers instead, where this is not 0. */
  volatile int failing;
  /** How many of the next downloads lose a bit. */
  final AtomicInteger flipping = new AtomicInteger();
  private HttpServer server;
  private ExecutorService threads;
  private int port;

  S3Server(String bucket) throws IOException {
    this.bucket = bucket;
    start();
  }

  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    port = server.getAddress().getPort();
  }

  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (failing != 0) {
        refuse(exchange, failing, "SlowDown");
      } else if (!signed(exchange, body)) {
        refuse(exchange, 403, "SignatureDoesNotMatch");
      } else {
        answer(exchange, body);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void answer(HttpExchange exchange, byte[] body) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(1);
    int slash = path.indexOf('/');
    String asked = slash < 0 ? path : path.substring(0, slash);
    String key = slash < 0 ? "" : path.substring(slash + 1);
    String method = exchange.getRequestMethod();
    if (!asked.equals(bucket)) {
      refuse(exchange, 404, "NoSuchBucket");
    } else if (key.isEmpty() && method.equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
    } else if (key.isEmpty()) {
      list(exchange, parameters(exchange));
    } else if (method.equals("PUT")) {
      put(exchange, key, body);
    } else if (method.equals("DELETE")) {
      objects.remove(key);
      exchange.sendResponseHeaders(204, -1);
    } else if (objects.get(key) == null) {
      refuse(exchange, 404, "NoSuchKey");
    } else {
      download(exchange, objects.get(key));
    }
  }

  private void put(HttpExchange exchange, String key, byte[] body) throws IOException {
    String source = exchange.getRequestHeaders().getFirst("x-amz-copy-source");
    if (source == null) {
      objects.put(key, new Stored(body));
      send(exchange, 200, new byte[0]);
      return;
    }
    String decoded = URLDecoder.decode(source, StandardCharsets.UTF_8);
    Stored copied = objects.get(decoded.substring(decoded.indexOf(bucket + "/") + bucket.length() + 1));
    if (copied == null) {
      refuse(exchange, 404, "NoSuchKey");
    } else {
      objects.put(key, new Stored(copied.bytes));
      send(exchange, 200, "<CopyObjectResult><ETag>e</ETag></CopyObjectResult>".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void download(HttpExchange exchange, Stored object) throws IOException {
    exchange.getResponseHeaders().set("Last-Modified",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(object.modified.atOffset(ZoneOffset.UTC)));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(object.bytes.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    byte[] bytes = object.bytes.clone();
    if (flipping.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      bytes[bytes.length / 2] ^= 1;
    }
    send(exchange, 200, bytes);
  }

  private void list(HttpExchange exchange, Map<String, String> parameters) throws IOException {
    String prefix = parameters.getOrDefault("prefix", "");
    List<Map.Entry<String, Stored>> rest = objects.tailMap(parameters.getOrDefault("continuation-token", ""), false)
        .entrySet().stream().filter(entry -> entry.getKey().startsWith(prefix)).toList();
    List<Map.Entry<String, Stored>> page = rest.subList(0, Math.min(PAGE, rest.size()));
    String contents = page.stream().map(entry -> "<Contents><Key>" + entry.getKey() + "</Key><LastModified>"
        + entry.getValue().modified + "</LastModified></Contents>").collect(Collectors.joining());
    boolean more = rest.size() > page.size();
    String xml = "<ListBucketResult><IsTruncated>" + more + "</IsTruncated>" + contents
        + (more ? "<NextContinuationToken>" + page.get(PAGE - 1).getKey() + "</NextContinuationToken>" : "")
        + "</ListBucketResult>";
    send(exchange, 200, xml.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      send(exchange, status, ("<Error><Code>" + code + "</Code><Message>says the test</Message></Error>")
          .getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Map<String, String> parameters(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    return Arrays.stream(query == null ? new String[0] : query.split("&"))
        .map(part -> part.split("=", 2))
        .collect(Collectors.toMap(part -> URLDecoder.decode(part[0], StandardCharsets.UTF_8),
            part -> part.length > 1 ? URLDecoder.decode(part[1], StandardCharsets.UTF_8) : ""));
  }

  /** Whether the request's signature is that of the one who knows the secret, and covers these bytes. */
  private static boolean signed(HttpExchange exchange, byte[] body) throws GeneralSecurityException {
    Headers headers = exchange.getRequestHeaders();
    String authorization = String.valueOf(headers.getFirst("Authorization"));
    String payload = headers.getFirst("x-amz-content-sha256");
    String scope = field(authorization, "Credential=" + ACCESS_KEY + "/");
    String names = field(authorization, "SignedHeaders=");
    boolean covered = body.length == 0 && "UNSIGNED-PAYLOAD".equals(payload)
        || HexFormat.of().formatHex(sha256(body)).equals(payload);
    if (scope.isEmpty() || names.isEmpty() || !covered) {
      return false;
    }
    String query = exchange.getRequestURI().getRawQuery();
    String sorted = query == null ? "" : Arrays.stream(query.split("&"))
        .map(part -> part.contains("=") ? part : part + "=").sorted().collect(Collectors.joining("&"));
    String signedHeaders = Arrays.stream(names.split(";"))
        .map(name -> name + ":" + headers.getFirst(name).strip() + "\n").collect(Collectors.joining());
    String canonical = String.join("\n", exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), sorted,
        signedHeaders, names, payload);
    String toSign = String.join("\n", "AWS4-HMAC-SHA256", headers.getFirst("x-amz-date"), scope,
        HexFormat.of().formatHex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    byte[] key = ("AWS4" + SECRET_KEY).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign)).equals(field(authorization, "Signature="));
  }

  private static String field(String authorization, String before) {
    int at = authorization.indexOf(before);
    return at < 0 ? "" : authorization.substring(at + before.length()).split(",", 2)[0].strip();
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    stop();
  }
}
