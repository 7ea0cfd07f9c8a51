package dev.cambrian.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers other commands while this process evolves: JSON over HTTP on the loopback address, to whoever bears the token
 * that stands in the experiment's folder.
 */
final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

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

  /** Starts to answer: each path, e.g. {@code "/status"}, with one line of JSON; then writes the owner's file. */
  static ControlServer start(Path experiment, Map<String, Callable<String>> answers) throws IOException {
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
      Thread thread = new Thread(task, "control");
      thread.setDaemon(true);
      return thread;
    });
    ControlServer control = new ControlServer(server, threads, experiment, HexFormat.of().formatHex(secret));
    server.setExecutor(threads);
    answers.forEach((path, answer) -> server.createContext(path, exchange -> control.answer(exchange, path, answer)));
    server.start();
    String address = server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort();
    new Owner(ProcessHandle.current().pid(), address, control.token).write(experiment);
    return control;
  }

  private void answer(HttpExchange exchange, String path, Callable<String> answer) throws IOException {
    try (exchange) {
      if (!allowed(exchange)) {
        send(exchange, 401, error("this needs the token of the experiment's owner.json"));
      } else if (!exchange.getRequestURI().getPath().equals(path)) {
        send(exchange, 404, error("there is nothing at " + exchange.getRequestURI().getPath()));
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, error(path + " can only be read"));
      } else {
        send(exchange, answer);
      }
    }
  }

  private void send(HttpExchange exchange, Callable<String> answer) throws IOException {
    String text;
    int code = 200;
    try {
      text = answer.call();
    } catch (UserError e) {
      code = 409;
      text = error(e.getMessage());
    } catch (Exception e) {
      LOG.warn("cannot answer {}", exchange.getRequestURI(), e);
      code = 500;
      text = error("the process that evolves cannot answer now; its log says why");
    }
    send(exchange, code, text);
  }

  private static void send(HttpExchange exchange, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private boolean allowed(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return given != null && MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
  }

  private static String error(String message) {
    return Json.line(Json.object().put("error", message));
  }

  /** Stops to answer and takes the owner's file back. */
  @Override
  public void close() throws IOException {
    Owner.remove(experiment);
    server.stop(0);
    threads.shutdownNow();
  }
}
