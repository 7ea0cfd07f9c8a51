package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks the process that evolves an experiment. */
final class ControlClient {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Long enough to read a test set beside a training. */
  private static final Duration ANSWER = Duration.ofSeconds(120);

  /** Made with the first request: many commands ask nobody. */
  private static final class Lazily {
    static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  }

  private ControlClient() {}

  /**
   * The owner's answer at a path; empty where no process evolves the experiment.
   *
   * @throws UserError where the owner refuses or does not answer, with its own sentence
   */
  static Optional<ObjectNode> ask(Path experiment, String path) throws IOException, InterruptedException {
    return send(experiment, path, HttpRequest.newBuilder());
  }

  /** The owner's answer to an object that is posted to a path; otherwise as {@link #ask}. */
  static Optional<ObjectNode> post(Path experiment, String path, ObjectNode body)
      throws IOException, InterruptedException {
    return send(experiment, path, HttpRequest.newBuilder()
        .header("Content-Type", Route.JSON)
        .POST(HttpRequest.BodyPublishers.ofString(Json.line(body))));
  }

  private static Optional<ObjectNode> send(Path experiment, String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    Optional<Owner> written = Owner.of(experiment);
    if (written.isEmpty() || !written.get().alive()) {
      return Optional.empty();
    }
    Owner owner = written.get();
    request.uri(URI.create("http://" + owner.address() + path))
        .header("Authorization", "Bearer " + owner.token())
        .timeout(ANSWER);
    try {
      HttpResponse<String> response = Lazily.CLIENT
          .send(request.build(), HttpResponse.BodyHandlers.ofString());
      ObjectNode answer = Json.parse(response.body());
      if (response.statusCode() == 200) {
        return Optional.of(answer);
      }
      if (response.statusCode() == 401) {
        // Another program has the port of an owner that crashed.
        return Optional.empty();
      }
      throw UserError.failed(answer.path("error").asText("the process that evolves cannot answer"));
    } catch (ConnectException | HttpConnectTimeoutException gone) {
      return Optional.empty();
    } catch (IllegalArgumentException | IOException e) {
      throw UserError.failed("process " + owner.process() + ", which evolves " + experiment.getFileName()
          + ", does not answer at " + owner.address() + "; try again, or look into its log in " + experiment + ".", e);
    }
  }
}
