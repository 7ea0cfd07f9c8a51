package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever arrives at the port: no answer of 500 or above, no change but one that was answered, and silence. */
class HttpFuzzTest {
  private static final int PATIENCE_MILLIS = 15_000;
  private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.1 (\\d{3}) ");

  /** What the JDK's server answers itself, and HTTP asks for, where a body is in a coding that nobody knows. */
  private static final String UNKNOWN_CODING = "501";

  @TempDir Path folder;

  @Test
  void aThousandRequests() throws Exception {
    fuzz(1, 1_000);
  }

  @Test
  @Tag("long")
  void tenThousandRequests() throws Exception {
    fuzz(2, 10_000);
  }

  private void fuzz(long seed, int requests) throws Exception {
    FakeExperiment experiment = new FakeExperiment(folder);
    int changes = 0;
    int refusals = 0;
    try (Silence silence = new Silence();
        ControlServer server = ControlServer.bind(folder, new Configuration.Http("127.0.0.1", 0, ""))) {
      server.serve(new Routes(ExperimentRoutes.of(experiment, experiment)));
      Owner owner = Owner.of(folder).orElseThrow();
      RandomRequests random = new RandomRequests(seed, owner.token());
      for (int i = 0; i < requests; i++) {
        RandomRequests.Bytes request = random.next();
        String asked = i + ": " + new String(request.bytes(), StandardCharsets.ISO_8859_1);
        long before = experiment.population().head().sequence();
        String answer = exchange(URI.create("http://" + owner.address()).getPort(), request.bytes());
        long after = experiment.population().head().sequence();
        List<String> codes = STATUS.matcher(answer).results().map(found -> found.group(1)).toList();
        codes.forEach(code -> assertTrue(code.compareTo("500") < 0
            || code.equals(UNKNOWN_CODING) && asked.contains("Transfer-Encoding: "), () -> asked + "\n" + answer));
        assertFalse(answer.contains("\tat ") || answer.contains("dev.cambrian"), () -> asked + "\n" + answer);
        if (after > before) {
          assertTrue(request.may() && codes.equals(List.of("200")) && answer.contains("\"event\":" + after + ","),
              () -> asked + "\n" + answer);
          assertEquals(before + 1, after);
          changes++;
        } else if (!codes.isEmpty() && codes.get(0).startsWith("4")) {
          refusals++;
        }
      }
      silence.assertKept();
    }
    assertTrue(changes > requests / 100, "only " + changes + " made sense");
    assertTrue(refusals > requests / 3, "only " + refusals + " were refused");
  }

  private static String exchange(int port, byte[] request) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        socket.getInputStream().transferTo(answer);
      } catch (SocketException closed) {
        // The server had enough before the request's end.
      }
    }
    return answer.toString(StandardCharsets.UTF_8);
  }
}
