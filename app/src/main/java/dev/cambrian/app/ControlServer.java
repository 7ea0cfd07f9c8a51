package dev.cambrian.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers over HTTP while this process evolves: on the loopback address unless the configuration says otherwise, and to
 * nobody but who bears the token. Bad requests are answered with one sentence and change nothing.
 */
final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final int WAITING = 64;
  private static final int THREADS = 8;
  private static final int SECRET_BYTES = 24;
  private static final int INTERNAL_ERROR = 500;
  private static final int UNAVAILABLE = 503;

  /** An answer is held back up to this many bytes, so that what fails before can still be told with its own code. */
  private static final int HELD_BACK = 64 << 10;

  static {
    // What the JDK's server knows as system properties alone; they are read once, when its classes are loaded.
    System.setProperty("sun.net.httpserver.maxReqTime", "20");
    System.setProperty("sun.net.httpserver.maxRspTime", "600");
    System.setProperty("sun.net.httpserver.idleInterval", "30");
    System.setProperty("sun.net.httpserver.maxReqHeaders", "64");
    System.setProperty("sun.net.httpserver.maxReqHeaderSize", String.valueOf(32 << 10));
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Path experiment;
  private final String token;

  private ControlServer(HttpServer server, ExecutorService threads, Path experiment, String token) {
    this.server = server;
    this.threads = threads;
    this.experiment = experiment;
    this.token = token;
  }

  /**
   * Takes the address; answers nothing yet.
   *
   * @throws UserError where the address cannot be had
   */
  static ControlServer bind(Path experiment, Configuration.Http http) throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(http.host()), http.port()), WAITING);
    } catch (SocketException e) {
      throw UserError.failed("cambrian.http.host and cambrian.http.port: " + http.host() + ":" + http.port()
          + " cannot be listened on (" + e.getMessage() + "); choose another, or port 0 for any.", e);
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
      Thread thread = new Thread(task, "control");
      thread.setDaemon(true);
      return thread;
    });
    server.setExecutor(threads);
    return new ControlServer(server, threads, experiment, http.token().isEmpty() ? secret() : http.token());
  }

  private static String secret() {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }

  /** Starts to answer, and writes the owner's file; the owner, for further folders. */
  Owner serve(Routes routes) throws IOException {
    server.createContext("/", exchange -> answer(exchange, routes));
    server.start();
    InetAddress host = server.getAddress().getAddress();
    String reached = (host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host).getHostAddress();
    String address = (reached.contains(":") ? "[" + reached + "]" : reached) + ":" + server.getAddress().getPort();
    Owner owner = new Owner(ProcessHandle.current().pid(), address, token);
    owner.write(experiment);
    return owner;
  }

  private void answer(HttpExchange exchange, Routes routes) {
    try (exchange) {
      try {
        requireToken(exchange);
        Routes.Match match = routes.find(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath());
        Asked asked = RequestReader.read(exchange, match);
        send(exchange, match.route(), asked);
      } catch (HttpRefusal refusal) {
        refuse(exchange, refusal.code(), refusal.getMessage());
      }
    } catch (IOException gone) {
      LOG.debug("a request broke off: {}", gone.toString());
    }
  }

  private void requireToken(HttpExchange exchange) throws HttpRefusal {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    boolean known = given != null && MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    if (!known) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      throw new HttpRefusal(HttpRefusal.UNAUTHORIZED, "this needs the token of the experiment's owner.json, in the "
          + "header Authorization: Bearer TOKEN.");
    }
  }

  private static void send(HttpExchange exchange, Route route, Asked asked) throws IOException {
    Sent sent = new Sent(exchange);
    OutputStream out = new BufferedOutputStream(sent, HELD_BACK);
    try {
      Answer answer = route.handler().answer(asked);
      sent.contentType = answer.contentType();
      answer.body().writeTo(out);
      out.flush();
    } catch (UserError e) {
      fail(sent, out, e.exitCode() == UserError.USAGE ? HttpRefusal.BAD_REQUEST : HttpRefusal.CONFLICT,
          e.getMessage());
    } catch (TimeoutException e) {
      fail(sent, out, UNAVAILABLE, "the process that evolves is too busy to answer now; try again.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(sent, out, UNAVAILABLE, "the process that evolves is about to end.");
    } catch (Exception e) {
      if (sent.broken) {
        throw new IOException("the client is gone", e);
      }
      LOG.warn("cannot answer {}", route.path(), e);
      fail(sent, out, INTERNAL_ERROR, "the process that evolves cannot answer now; its log says why.");
    }
  }

  /** An answer that has begun cannot be taken back: its last line says why it is not whole. */
  private static void fail(Sent sent, OutputStream out, int code, String sentence) throws IOException {
    if (sent.begun) {
      out.write(error(sentence));
      out.flush();
    } else {
      refuse(sent.exchange, code, sentence);
    }
  }

  private static void refuse(HttpExchange exchange, int code, String sentence) throws IOException {
    byte[] bytes = error(sentence);
    exchange.getResponseHeaders().set("Content-Type", Route.JSON);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(code, -1);
    } else {
      exchange.sendResponseHeaders(code, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static byte[] error(String sentence) {
    return (Json.line(Json.object().put("error", sentence)) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** The body of an answer, whose head goes out with the first bytes. */
  private static final class Sent extends OutputStream {
    private final HttpExchange exchange;
    private String contentType = Route.JSON;
    private boolean begun;
    private boolean broken;

    Sent(HttpExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        begin();
        exchange.getResponseBody().write(bytes, from, count);
      } catch (IOException gone) {
        broken = true;
        throw gone;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        begin();
        exchange.getResponseBody().flush();
      } catch (IOException gone) {
        broken = true;
        throw gone;
      }
    }

    private void begin() throws IOException {
      if (!begun) {
        begun = true;
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(200, 0);
      }
    }
  }

  /** Stops to answer and takes the owner's file back. */
  @Override
  public void close() throws IOException {
    Owner.remove(experiment);
    server.stop(0);
    threads.shutdownNow();
  }
}
