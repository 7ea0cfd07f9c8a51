package dev.cambrian.app;

import static dev.cambrian.actors.CrashPoint.CONTROL_ANSWERED;
import static dev.cambrian.actors.CrashPoint.CONTROL_PERSISTED;
import static dev.cambrian.actors.CrashPoint.CONTROL_PERSISTING;
import static dev.cambrian.actors.CrashPoint.RESET_ANSWERED;
import static dev.cambrian.actors.CrashPoint.RESET_PERSISTED;
import static dev.cambrian.actors.CrashPoint.RESET_PERSISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.Control;
import dev.cambrian.actors.CrashPoint;
import dev.cambrian.persistence.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Invariants 1 to 3 of an experiment that is steered while it crashes: what was answered is there, what was not answered
 * is there once or not at all, and whoever asks again, by the same id, is answered with the first one's event.
 */
class SteeringCrashTest {
  /** The points of a request. */
  static final List<CrashPoint> REQUEST = List.of(CONTROL_PERSISTING, CONTROL_PERSISTED, CONTROL_ANSWERED);

  /** The points of a reset, in the biographies of those who train again. */
  static final List<CrashPoint> RESET = List.of(RESET_PERSISTING, RESET_PERSISTED, RESET_ANSWERED);

  private static final List<String> KINDS = List.of("reset", "set", "pause");

  /** Which time that a point of a reset is meant: what a crashed reset left comes first. */
  private static final List<Integer> COUNTS = List.of(1, 10, 5);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FEW = 12;
  private static final int MOST_RESETS = 8;
  private static final int MORE_INDIVIDUALS = 40;

  @TempDir Path folder;

  /** Every request that was ever sent, by its id, in their order; what was answered; and what the journal has of it. */
  private final Map<String, ObjectNode> asked = new LinkedHashMap<>();
  private final Map<String, Long> told = new HashMap<>();
  private Map<String, Long> onDisk = Map.of();
  private boolean paused;
  private long conceived;
  private int settings;
  private int unpaused;

  @Test
  void crashedOnceAtEveryPoint_everyRequestIsOneEventOrNone_andEvolutionGoesOn() throws Exception {
    try (CrashHarness harness = new CrashHarness(folder, "steered", 100)) {
      crashAtEveryPoint(harness, 1);
      goOnToTheEnd(harness);
    }
  }

  @Test
  @Tag("long")
  void crashedFiveTimesAtEveryPoint_everyRequestIsOneEventOrNone_andEvolutionGoesOn() throws Exception {
    try (CrashHarness harness = new CrashHarness(folder, "steered", 100)) {
      for (int round = 1; round <= 5; round++) {
        crashAtEveryPoint(harness, round);
      }
      goOnToTheEnd(harness);
    }
  }

  /** Each kind of request comes to each point in another round. */
  private void crashAtEveryPoint(CrashHarness harness, int round) throws Exception {
    int kind = round;
    for (CrashPoint point : REQUEST) {
      crashAt(harness, point, 0, KINDS.get(kind++ % KINDS.size()) + "-" + point + round);
    }
    for (int i = 0; i < RESET.size(); i++) {
      crashAt(harness, RESET.get(i), COUNTS.get((i + round - 1) % COUNTS.size()), "reset-" + RESET.get(i) + round);
    }
  }

  /**
   * Crashes once, and audits.
   *
   * @param count which time that the point is reached is meant; 0 for that of the request
   * @param request its id, which begins with what it asks for
   */
  private void crashAt(CrashHarness harness, CrashPoint point, int count, String request) throws Exception {
    asked.put(request, body(request));
    CrashHarness.Run run = harness.evolve(CrashHarness.FOREVER,
        "-D" + CrashPoint.PROPERTY + "=" + point + ":" + (count == 0 ? newEvents() : count));
    boolean answers = served(harness, run) && askAgain(harness, run);
    for (int more = 1; answers && more < MOST_RESETS; more++) {
      ObjectNode next = Json.object().put("id", request + "-" + more).put("resetWeights", true);
      asked.put(next.get("id").asText(), next);
      answers = evolves(harness, run) && ask(harness, run, next).isPresent();
    }
    assertEquals(137, run.exitCode(), () -> point + " was not reached by " + run);
    audit(harness, run);
  }

  private ObjectNode body(String request) {
    ObjectNode body = Json.object().put("id", request);
    switch (request.substring(0, request.indexOf('-'))) {
      case "pause":
        body.putObject("set").put("paused", true);
        return body;
      case "reset":
        return body.put("resetWeights", true);
      default:
        settings++;
        body.putObject("set").put(settings % 2 == 0 ? "population" : "mutations-per-reproduction", 5 + settings);
        return body;
    }
  }

  /** How many events {@link #askAgain} makes, if nothing crashes. */
  private int newEvents() {
    int lost = (int) asked.keySet().stream().filter(id -> !onDisk.containsKey(id)).count();
    return lost + (paused ? 1 : 0);
  }

  /** Whether the process answers; else it has ended. */
  private static boolean served(CrashHarness harness, CrashHarness.Run run) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (run.process().isAlive()) {
      assertTrue(Instant.now().isBefore(end), () -> "nobody answers: " + run);
      Optional<Owner> owner = Owner.of(harness.home().directory());
      if (owner.isPresent() && owner.get().process() == run.process().pid()) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }

  /**
   * Sends every request once more, the new one as the last, to a population that lives; a pause from before is ended
   * first.
   *
   * @return whether all were answered; else it has crashed
   */
  private boolean askAgain(CrashHarness harness, CrashHarness.Run run) throws Exception {
    if (paused) {
      ObjectNode on = Json.object().put("id", "unpause-" + unpaused++);
      on.putObject("set").put("paused", false);
      if (ask(harness, run, on).isEmpty()) {
        return false;
      }
    }
    if (!evolves(harness, run)) {
      return false;
    }
    for (Map.Entry<String, ObjectNode> request : asked.entrySet()) {
      Optional<Long> event = ask(harness, run, request.getValue());
      if (event.isEmpty()) {
        return false;
      }
      assertEquals(onDisk.getOrDefault(request.getKey(), event.get()), event.get(), request.getKey());
      told.put(request.getKey(), event.get());
    }
    return true;
  }

  /** Whether some more individuals were conceived; else it has ended. */
  private boolean evolves(CrashHarness harness, CrashHarness.Run run) throws Exception {
    Instant end = Instant.now().plus(PATIENCE);
    while (run.process().isAlive()) {
      assertTrue(Instant.now().isBefore(end), () -> "nobody is conceived: " + run);
      Optional<ObjectNode> status = status(harness);
      if (status.isPresent() && status.get().get("individuals").asLong() >= conceived + FEW) {
        return true;
      }
      Thread.sleep(10);
    }
    return false;
  }

  private static Optional<ObjectNode> status(CrashHarness harness) throws Exception {
    try {
      return ControlClient.ask(harness.home().directory(), "/status");
    } catch (UserError unanswered) {
      assertTrue(unanswered.getMessage().contains("does not answer"), unanswered.getMessage());
      return Optional.empty();
    }
  }

  /** The event that a request is; empty where the process crashed meanwhile. */
  private static Optional<Long> ask(CrashHarness harness, CrashHarness.Run run, ObjectNode request) throws Exception {
    try {
      return ControlClient.post(harness.home().directory(), "/control", request)
          .map(answer -> answer.get("event").asLong());
    } catch (UserError unanswered) {
      assertTrue(unanswered.getMessage().contains("does not answer"), () -> request + ": " + unanswered.getMessage());
      return Optional.empty();
    }
  }

  private CrashAudit audit(CrashHarness harness, CrashHarness.Run run) throws Exception {
    CrashAudit audit = harness.audit(run);
    onDisk = Map.copyOf(audit.commands());
    told.forEach((id, event) -> assertEquals(event, onDisk.get(id), () -> id + " was answered, but " + onDisk));
    paused = audit.state().paused();
    conceived = audit.state().conceived();
    return audit;
  }

  /** All that was asked is made once in the end, and a run that nothing interrupts comes to its end. */
  private void goOnToTheEnd(CrashHarness harness) throws Exception {
    CrashHarness.Run run = harness.evolve(CrashHarness.FOREVER);
    assertTrue(served(harness, run), run::toString);
    assertTrue(askAgain(harness, run), run::toString);
    assertEquals(asked.keySet(), told.keySet(), run::toString);
    run.kill();
    CrashAudit audit = audit(harness, run);
    WeightStores weights = ConfigurationFile.load(Path.of(""), Optional.empty(), Map.of()).weights();
    Steering stopped = new StoredSteering(Journal.of(harness.home()), weights);
    for (Map.Entry<String, ObjectNode> request : asked.entrySet()) {
      assertEquals(told.get(request.getKey()), stopped.control(ControlRequest.of(request.getValue())).event());
    }
    if (paused) {
      stopped.control(new ControlRequest("at-last", new Control.Set("paused", "false")));
    }
    harness.finish(audit.state().conceived() + MORE_INDIVIDUALS);
  }
}
