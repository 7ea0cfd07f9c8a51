package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every kind of event in words, on a population that it can happen to. */
class EventTextTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String WORKER = "local/cpu/0";
  private static final String WEIGHTS = "ab".repeat(32);
  private static final MutationSettings PAPER = MutationSettings.paper();

  private static final Map<Long, List<IndividualEvent>> BIOGRAPHIES = Map.of(
      2L, List.of(
          new IndividualEvent.Conceived(START, 2, OptionalLong.empty(), 0, List.of(), "{}", false, 40),
          new IndividualEvent.Trained(START.plusSeconds(5), 1, 0.6, WEIGHTS, 1e9, List.of(), 1000, WORKER)),
      4L, List.of(new IndividualEvent.Conceived(START.plusSeconds(8), 4, OptionalLong.of(2), 1,
          List.of(MutationKind.INSERT_CONVOLUTION, MutationKind.IDENTITY), "{}", true, 1_185)));

  private final EventText text =
      new EventText(id -> BIOGRAPHIES.getOrDefault(id, List.of()), ZoneId.of("Europe/Vienna"));

  private static ExperimentSettings settings(int population) {
    return new ExperimentSettings(7, "graph", "tournament", population, PAPER, true,
        new ExperimentSettings.Training("surrogate", 1_000, 50, 0.9, 1e-4, "fp32", false, 10_000_000, 4_096, 1e15),
        new ExperimentSettings.Data("cifar10", "", "none", 1), "all");
  }

  private static PopulationEvent trained(int second, long child, int attempt, double fitness, long parameters) {
    return new PopulationEvent.ChildTrained(
        START.plusSeconds(second), child, attempt, fitness, WEIGHTS, 1.5e9, parameters, StreamHead.EMPTY);
  }

  /** A history with every kind of event, and the words for each. */
  private static List<Map.Entry<PopulationEvent, String>> history() {
    List<Map.Entry<PopulationEvent, String>> told = new ArrayList<>();
    told.add(Map.entry(new PopulationEvent.ExperimentStarted(START, "c10", settings(3)),
        "c10 begins: seed 7, population 3, tournament selection, 1,000 steps of 50 images, 1 mutation a reproduction,"
            + " weights inherited, keep all, data cifar10"));
    for (long id = 1; id <= 3; id++) {
      told.add(Map.entry(new PopulationEvent.InitialAssigned(START.plusSeconds(id), id, id, WORKER),
          "#" + id + " is begun as an initial individual, on local/cpu/0"));
    }
    told.add(Map.entry(trained(4, 1, 1, 0.5, 40),
        "#1 is alive: fitness 50.0 %, 40 parameters, 1.5e9 FLOPs, the best so far"));
    told.add(Map.entry(trained(5, 2, 1, 0.6, 1),
        "#2 is alive: fitness 60.0 %, 1 parameter, 1.5e9 FLOPs, the best so far"));
    told.add(Map.entry(
        new PopulationEvent.ChildFailed(
            START.plusSeconds(6), 3, 1, "OUT_OF_MEMORY", "it needs 800 MiB", 0, StreamHead.EMPTY),
        "#3 failed: out of memory (it needs 800 MiB)"));
    told.add(Map.entry(
        new PopulationEvent.TournamentHeld(START.plusSeconds(7), 1, 2, OptionalLong.of(1), OptionalLong.of(2), 4, 9,
            PAPER, WORKER),
        "#1 (50.0 %) meets #2 (60.0 %): #1 dies, #2 has the child #4 by insert-convolution, identity,"
            + " on local/cpu/0"));
    told.add(Map.entry(new PopulationEvent.KillsAcknowledged(START.plusSeconds(8), List.of(1L)),
        "the death of #1 is in its biography"));
    told.add(Map.entry(new PopulationEvent.Resumed(START.plusSeconds(3_608)),
        "evolution goes on, after 1:00:00 without"));
    told.add(Map.entry(new PopulationEvent.Reassigned(START.plusSeconds(3_609), 4, 2, "local/cpu/1"),
        "#4 is handed out again, as attempt 2, on local/cpu/1"));
    told.add(Map.entry(trained(3_610, 4, 2, 0.655, 1_185),
        "#4 is alive at attempt 2: fitness 65.5 % (+5.5 on #2), 1,185 parameters, 1.5e9 FLOPs, the best so far"));
    told.add(Map.entry(
        new PopulationEvent.SettingsChanged(START.plusSeconds(3_611), "r1", "population", "2", settings(2)),
        "set population = 2, which was 3 (request r1)"));
    told.add(Map.entry(new PopulationEvent.Paused(START.plusSeconds(3_612), "r2"),
        "paused: nothing new is begun (request r2)"));
    told.add(Map.entry(new PopulationEvent.Unpaused(START.plusSeconds(3_613), ""), "no longer paused"));
    told.add(Map.entry(new PopulationEvent.WeightsReset(START.plusSeconds(3_614), "r3"),
        "all weights are reset: 2 alive and 0 in training begin again from fresh ones (request r3)"));
    told.add(Map.entry(new PopulationEvent.Reassigned(START.plusSeconds(3_615), 2, 2, WORKER),
        "#2 trains again from fresh weights, as attempt 2, on local/cpu/0"));
    told.add(Map.entry(trained(3_616, 2, 2, 0.55, 40),
        "#2 is alive at attempt 2: fitness 55.0 %, 40 parameters, 1.5e9 FLOPs"));
    told.add(Map.entry(
        new PopulationEvent.TournamentHeld(START.plusSeconds(3_617), 2, 2, OptionalLong.of(2), OptionalLong.empty(), 0,
            0, PAPER, ""),
        "#2 (55.0 %): #2 dies"));
    told.add(Map.entry(new PopulationEvent.WeightsCollected(START.plusSeconds(3_618), List.of(WEIGHTS, WEIGHTS)),
        "2 files of weights that nothing names any more are deleted"));
    told.add(Map.entry(new PopulationEvent.TestRead(START.plusSeconds(3_619), 4, 0.64),
        "the test set is read for #4: 64.0 %"));
    told.add(Map.entry(new PopulationEvent.MomentPinned(START.plusSeconds(3_620), "r4", 12, List.of(WEIGHTS)),
        "event 12 is pinned: the 1 file of weights that it names stays (request r4)"));
    told.add(Map.entry(new PopulationEvent.MomentUnpinned(START.plusSeconds(3_621), "", 12),
        "event 12 is pinned no longer"));
    told.add(Map.entry(
        new PopulationEvent.LossAccepted(START.plusSeconds(3_622), "000003.log is missing", List.of(4L)),
        "a loss of events is accepted: 000003.log is missing; lost with their results: #4"));
    told.add(Map.entry(
        new PopulationEvent.Forked(START.plusSeconds(3_623), "c10-b", "c10", 24, settings(9)),
        "c10-b begins as a fork of c10 after event 24, with evolution.population = 9"));
    return told;
  }

  @Test
  void everyKindOfEvent_isToldInWords() {
    PopulationState population = PopulationState.empty();
    Set<Class<?>> kinds = new HashSet<>();
    for (Map.Entry<PopulationEvent, String> told : history()) {
      PopulationEvent event = told.getKey();
      kinds.add(event.getClass());
      PopulationState after = population.after(event);
      assertEquals(told.getValue(), text.words(population, event));
      population = after;
    }
    assertEquals(Set.copyOf(Arrays.asList(PopulationEvent.class.getPermittedSubclasses())), kinds);
  }

  @Test
  void line_hasTheNumberAndTheTimeInTheZone() {
    PopulationEvent event = new PopulationEvent.Paused(START.plusMillis(1_999), "");
    PopulationState before = PopulationState.empty();
    PopulationState after = before.after(event);
    assertEquals("        1  2026-01-01 01:00:01  paused: nothing new is begun", text.line(before, event, after));
  }

  @Test
  void json_hasWhatIsStored() {
    PopulationEvent event = trained(4, 1, 1, 0.5, 40);
    ObjectNode json = Json.parse(Json.line(EventJson.of(5, event, "words", List.of(MutationKind.ADD_SKIP))));
    assertEquals(5, json.get("event").asLong());
    assertEquals("2026-01-01T00:00:04Z", json.get("at").asText());
    assertEquals("child-trained", json.get("type").asText());
    assertEquals("words", json.get("text").asText());
    assertEquals("add-skip", json.get("mutations").get(0).asText());
    assertEquals(0.5, json.get("fields").get("fitness").asDouble());
    assertEquals(0, json.get("fields").get("biography").get("sequence").asLong());
  }

  @Test
  void summary_countsAndTellsWhatIsRare() {
    HistorySummary summary = new HistorySummary(text);
    PopulationState population = PopulationState.empty();
    for (Map.Entry<PopulationEvent, String> told : history().subList(0, 18)) {
      PopulationState after = population.after(told.getKey());
      summary.happened(population, told.getKey(), after);
      population = after;
    }
    assertEquals("""
        History of c10, events 1 to 18
          time         2026-01-01 01:00:00 to 2026-01-01 02:00:16, 0:16 of evolution in 2 runs
          individuals  4 conceived, 1 died, 1 failed (1 out of memory)
          tournaments  1, and 2 handed out again
          spent        6.0e9 FLOPs
          the best so far, by time of evolution
                 0:04  event         5    50.0 %  #1
                 0:05  event         6    60.0 %  #2
                 0:10  event        12    65.5 %  #4
          told one by one
                1  2026-01-01 01:00:00  c10 begins: seed 7, population 3, tournament selection, 1,000 steps of 50 \
        images, 1 mutation a reproduction, weights inherited, keep all, data cifar10
               13  2026-01-01 02:00:11  set population = 2, which was 3 (request r1)
               14  2026-01-01 02:00:12  paused: nothing new is begun (request r2)
               15  2026-01-01 02:00:13  no longer paused
               16  2026-01-01 02:00:14  all weights are reset: 2 alive and 0 in training begin again from fresh ones \
        (request r3)""", summary.text());
    ObjectNode json = Json.parse(Json.line(summary.json()));
    assertEquals(3, json.get("best").size());
    assertEquals(5, json.get("told").size());
    assertEquals(3, json.get("events").get("initial-assigned").asLong());
    assertEquals(1, json.get("failures").get("out of memory").asLong());
  }
}
