package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steering the whole program: while it evolves, after kill -9, and while nothing evolves. */
class ControlProcessTest {
  private static final String NAME = "steered";

  @TempDir Path folder;

  @Test
  void changes_holdOverKillAndRestart_andTheHistoryHasThem() throws Exception {
    Files.writeString(folder.resolve("application.conf"), "cambrian.evolution.population = 10\n");
    try (Program program = new Program(folder)) {
      Process evolving = evolve(program, Program.FOREVER).process();
      program.statusOnce(NAME, 30);
      long grown = change(program, "population=16", "--id", "grow");
      assertEquals(grown, change(program, "population=16", "--id", "grow"), "the same request is the same event");
      long reset = change(program, "reset-weights");
      long paused = change(program, "set", "paused=true");
      assertEquals("paused", Json.parse(program.run("status", NAME, "--json").out()).get("state").asText());
      Program.Outcome again = program.run("control", NAME, "paused=true");
      assertEquals(1, again.exitCode());
      assertEquals("cambrian: The experiment is paused already." + System.lineSeparator(), again.err());
      Program.Outcome half = program.run("control", NAME, "set", "batch=7", "steps=0");
      assertEquals("cambrian: steps must be a whole number from 1 to 1000000000, not '0'." + System.lineSeparator(),
          half.err());
      long pinned = change(program, "pin", String.valueOf(grown));
      long now = change(program, "pin", "now");
      evolving.destroyForcibly().waitFor();

      long steps = change(program, "steps=7", "--id", "shorter");
      assertEquals(steps, change(program, "steps=7", "--id", "shorter"));
      assertEquals(grown, change(program, "population=16", "--id", "grow"), "remembered over the kill");
      long individuals = history(new HashMap<>()).conceived();
      Program.Started resumed = evolve(program, Program.FOREVER);
      evolving = resumed.process();
      ObjectNode still = program.statusOnce(NAME, individuals);
      assertEquals("paused", still.get("state").asText());
      assertTrue(Files.readString(resumed.err()).contains("set paused=false' lets it go on."));
      long unpaused = change(program, "paused=false");
      program.statusOnce(NAME, individuals + 40);
      evolving.destroyForcibly().waitFor();

      Map<Long, PopulationEvent> events = new HashMap<>();
      PopulationState population = history(events);
      assertEquals("population", ((PopulationEvent.SettingsChanged) events.get(grown)).key());
      assertEquals("grow", ((PopulationEvent.SettingsChanged) events.get(grown)).command());
      assertTrue(events.get(reset) instanceof PopulationEvent.WeightsReset, events.get(reset).toString());
      assertTrue(events.get(paused) instanceof PopulationEvent.Paused, events.get(paused).toString());
      assertEquals(grown, ((PopulationEvent.MomentPinned) events.get(pinned)).event());
      assertTrue(
          ((PopulationEvent.MomentPinned) events.get(pinned)).weights().size() > 1, events.get(pinned).toString());
      assertEquals(now - 1, ((PopulationEvent.MomentPinned) events.get(now)).event());
      assertEquals("7", ((PopulationEvent.SettingsChanged) events.get(steps)).value());
      assertTrue(events.get(unpaused) instanceof PopulationEvent.Unpaused, events.get(unpaused).toString());
      assertEquals(16, population.inForce().population());
      assertEquals(7, population.inForce().training().steps());
      assertEquals(50, population.inForce().training().batch(), "none of two changes where one makes no sense");
      assertTrue(Math.abs(population.alive() + population.training() - 16) <= 1,
          population.alive() + " alive and " + population.training() + " in training");
    }
  }

  private static Program.Started evolve(Program program, String until) throws IOException {
    return program.start("evolve", NAME, "--engine", "surrogate", "--until", until);
  }

  /** Makes a change; the number of its event. */
  private static long change(Program program, String... words) throws Exception {
    String[] arguments = new String[words.length + 3];
    arguments[0] = "control";
    arguments[1] = NAME;
    System.arraycopy(words, 0, arguments, 2, words.length);
    arguments[arguments.length - 1] = "--json";
    Program.Outcome outcome = program.run(arguments);
    assertEquals(0, outcome.exitCode(), outcome.err());
    return Json.parse(outcome.out()).get("event").asLong();
  }

  /** The population as its history tells it now, and its events by their numbers. */
  private PopulationState history(Map<Long, PopulationEvent> events) throws IOException {
    AtomicReference<PopulationState> told = new AtomicReference<>(PopulationState.empty());
    try (JournalReader reader = Journal.of(ExperimentHome.open(folder.resolve("home").resolve(NAME))).read()) {
      reader.spine((link, event) -> {
        told.set(told.get().updated(link));
        events.put(link.sequence(), event);
      });
    }
    return told.get();
  }
}
