package dev.cambrian.persistence.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Edge;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.Shape;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ten questions of docs/queries.md, on a tale, against what counting it through gives. */
class QueriesTest {
  private static final double HOUR = 3600;

  private static Tale tale;
  private static Counted counted;
  private static DocumentedQueries documented;
  private static HistoryDatabase history;

  @BeforeAll
  static void load() throws IOException {
    tale = Tale.of(17, 1133);
    counted = new Counted(tale);
    documented = DocumentedQueries.read();
    history = HistoryDatabase.open(Optional.empty());
    history.load(tale);
  }

  @AfterAll
  static void close() throws IOException {
    history.close();
  }

  private static Answer answer(int question) throws Exception {
    return Answer.of(history, documented.questions().get(question - 1));
  }

  @Test
  void thereAreTenQuestions_andTheTaleHasEverythingTheyAskFor() {
    assertEquals(10, documented.questions().size());
    assertEquals(tale.spine.size(), history.lastEvent());
    Set<String> states = new HashSet<>();
    counted.lives.values().forEach(life -> states.add(life.state));
    assertEquals(Set.of("ALIVE", "DEAD", "TRAINING", "FAILED"), states);
    Set<Class<?>> types = new HashSet<>();
    tale.spine.forEach(event -> types.add(event.getClass()));
    assertEquals(Set.of(PopulationEvent.class.getPermittedSubclasses()), types);
  }

  @Test
  void tables_areAsTheDocumentSays() throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    documented.columns().forEach((table, columns) ->
        columns.forEach(column -> expected.add(List.of(table, column.get(0), column.get(1)))));
    expected.sort(Comparator.comparing(row -> (String) row.get(0)));
    Answer found = Answer.of(history, "SELECT table_name, column_name, data_type FROM duckdb_columns()"
        + " WHERE NOT internal ORDER BY table_name, column_index");
    assertTrue(expected.size() > 50);
    found.assertRows(expected);
  }

  @Test
  void question1_everyIndividualAndTheBestsAncestors() throws Exception {
    Set<Long> lineage = new HashSet<>();
    for (long id = best(); id != 0; id = counted.lives.get(id).parent) {
      lineage.add(id);
    }
    List<List<Object>> expected = new ArrayList<>();
    counted.lives.entrySet().stream()
        .filter(entry -> entry.getValue().trainedEvent != 0)
        .sorted(Comparator.comparing(entry -> entry.getValue().trainedEvent))
        .forEach(entry -> expected.add(List.of(entry.getKey(), entry.getValue().trainedSeconds / HOUR,
            entry.getValue().fitness, lineage.contains(entry.getKey()))));
    assertTrue(lineage.size() > 2 && expected.size() > 100);
    answer(1).assertRows(expected);
  }

  private static long best() {
    return counted.lives.entrySet().stream()
        .filter(entry -> entry.getValue().trainedEvent != 0)
        .max(Comparator.comparingDouble(entry -> entry.getValue().fitness)).orElseThrow().getKey();
  }

  @Test
  void question2_bestSoFarOverWallTime() throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    double best = -1;
    for (int i = 0; i < tale.spine.size(); i++) {
      if (tale.spine.get(i) instanceof PopulationEvent.ChildTrained trained && trained.fitness() > best) {
        best = trained.fitness();
        expected.add(List.of(counted.seconds.get(i) / HOUR, trained.child(), best));
      }
    }
    assertTrue(expected.size() > 2);
    answer(2).assertRows(expected);
  }

  @Test
  void question3_bestSoFarOverFlops() throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    double best = -1;
    double flops = 0;
    for (PopulationEvent event : tale.spine) {
      if (event instanceof PopulationEvent.ChildFailed failed) {
        flops += failed.flops();
      } else if (event instanceof PopulationEvent.ChildTrained trained) {
        flops += trained.flops();
        if (trained.fitness() > best) {
          best = trained.fitness();
          expected.add(List.of(flops, trained.child(), best));
        }
      }
    }
    answer(3).assertRows(expected);
  }

  @Test
  void question4_correlationOfValidationAndTest() throws Exception {
    List<Counted.Life> reported = counted.lives.values().stream()
        .filter(life -> !Double.isNaN(life.test) && life.trainedEvent != 0).toList();
    double x = reported.stream().mapToDouble(life -> life.fitness).average().orElseThrow();
    double y = reported.stream().mapToDouble(life -> life.test).average().orElseThrow();
    double xy = reported.stream().mapToDouble(life -> (life.fitness - x) * (life.test - y)).sum();
    double xx = reported.stream().mapToDouble(life -> (life.fitness - x) * (life.fitness - x)).sum();
    double yy = reported.stream().mapToDouble(life -> (life.test - y) * (life.test - y)).sum();
    assertTrue(reported.size() > 2);
    answer(4).assertRows(List.of(List.of(reported.size(), xy / Math.sqrt(xx * yy))));
  }

  @Test
  void question5_gainPerKindOfMutation() throws Exception {
    Map<String, List<Double>> gains = new TreeMap<>();
    counted.lives.forEach((id, life) -> {
      double parent = life.parent == 0 ? Double.NaN : counted.lives.get(life.parent).fitness;
      if (!Double.isNaN(life.fitness - parent)) {
        tale.conceived(id).mutations().forEach(kind -> gains
            .computeIfAbsent(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), none -> new ArrayList<>())
            .add(life.fitness - parent));
      }
    });
    List<List<Object>> expected = new ArrayList<>();
    gains.forEach((kind, all) -> expected.add(List.of(kind, all.size(), mean(all),
        mean(all.stream().map(gain -> gain > 0 ? 1.0 : 0.0).toList()))));
    expected.sort(Comparator.comparing(row -> -(Double) row.get(2)));
    assertTrue(gains.containsKey("add-skip") && gains.size() > 8);
    answer(5).assertRows(expected);
  }

  @Test
  void question6_survivalOfSkips() throws Exception {
    record Skip(long origin, int id) {}

    Map<Long, Set<Integer>> skips = new HashMap<>();
    GraphSpace space = new GraphSpace(new Shape(3, 8, 8), 10);
    tale.biographies.keySet().forEach(id -> {
      Dna dna = space.fromJson(tale.conceived(id).genotype());
      skips.put(id, new HashSet<>(dna.skips().stream().map(Edge::id).toList()));
    });
    Map<Skip, List<Counted.Life>> carriers = new HashMap<>();
    skips.forEach((id, own) -> own.forEach(skip -> {
      long origin = id;
      while (skips.getOrDefault(counted.lives.get(origin).parent, Set.of()).contains(skip)) {
        origin = counted.lives.get(origin).parent;
      }
      if (!counted.lives.get(id).state.equals("FAILED")) {
        carriers.computeIfAbsent(new Skip(origin, skip), none -> new ArrayList<>()).add(counted.lives.get(id));
      }
    }));
    List<List<Object>> expected = new ArrayList<>();
    carriers.forEach((skip, lives) -> expected.add(List.of(skip.origin(), skip.id(), lives.size(),
        lives.stream().mapToDouble(life -> life.diedEvent == 0 ? counted.end() : life.diedSeconds).max().orElseThrow()
            - lives.stream().mapToDouble(life -> life.conceivedSeconds).min().orElseThrow(),
        lives.stream().anyMatch(life -> !life.state.equals("DEAD")))));
    expected.sort(Comparator.<List<Object>, Double>comparing(row -> -(Double) row.get(3))
        .thenComparing(row -> (Long) row.get(0)).thenComparing(row -> (Integer) row.get(1)));
    assertTrue(expected.stream().anyMatch(row -> (Integer) row.get(2) > 3), "some skip is inherited");
    answer(6).assertRows(expected);
  }

  @Test
  void question7_whatEveryChangeDid() throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    for (int i = 0; i < tale.spine.size(); i++) {
      Optional<ControlRow> control = ControlRow.of(tale.spine.get(i));
      if (control.isPresent()) {
        List<Double> before = fitness(tale.spine.subList(0, i));
        List<Double> after = fitness(tale.spine.subList(i + 1, tale.spine.size()));
        expected.add(Arrays.asList(i + 1, EventCodec.name(tale.spine.get(i)), control.get().key(),
            control.get().value(), mean(before.subList(Math.max(0, before.size() - 50), before.size())),
            mean(after.subList(0, Math.min(50, after.size())))));
      }
    }
    assertTrue(expected.size() > 10);
    answer(7).assertRows(expected);
  }

  private static List<Double> fitness(List<PopulationEvent> spine) {
    return spine.stream().filter(PopulationEvent.ChildTrained.class::isInstance)
        .map(event -> ((PopulationEvent.ChildTrained) event).fitness()).toList();
  }

  @Test
  void question8_utilisationOfWorkers() throws Exception {
    Map<String, double[]> workers = new TreeMap<>();
    Map<String, Double> told = new HashMap<>();
    for (int i = 0; i < tale.spine.size(); i++) {
      PopulationEvent event = tale.spine.get(i);
      EventRow row = EventRow.of(event);
      double at = counted.seconds.get(i);
      if (row.worker() != null) {
        double[] worker = workers.computeIfAbsent(row.worker(), none -> new double[] {0, 0, 0, 0, at, 0});
        worker[0]++;
        worker[5] = Math.max(worker[5], at);
      } else if (event instanceof PopulationEvent.ChildTrained || event instanceof PopulationEvent.ChildFailed) {
        told.put(row.individual() + "/" + row.attempt(), at);
      }
    }
    tale.biographies.forEach((id, biography) -> biography.forEach(event -> {
      if (event instanceof IndividualEvent.Trained trained) {
        double[] worker = workers.get(trained.worker());
        worker[1]++;
        worker[3] += trained.tookMillis() / 1000.0;
        worker[5] = Math.max(worker[5], told.getOrDefault(id + "/" + trained.attempt(), 0.0));
      } else if (event instanceof IndividualEvent.Failed failed) {
        double[] worker = workers.get(failed.worker());
        worker[2]++;
        worker[5] = Math.max(worker[5], told.get(id + "/" + failed.attempt()));
      }
    }));
    List<List<Object>> expected = new ArrayList<>();
    workers.forEach((name, worker) ->
        expected.add(List.of(name, worker[0], worker[1], worker[2], worker[3] / (worker[5] - worker[4]))));
    assertEquals(3, expected.size());
    answer(8).assertRows(expected);
  }

  @Test
  void question9_failuresByReason() throws Exception {
    Map<String, List<String>> messages = new TreeMap<>();
    for (PopulationEvent event : tale.spine) {
      if (event instanceof PopulationEvent.ChildFailed failed) {
        messages.computeIfAbsent(failed.reason(), none -> new ArrayList<>()).add(failed.message());
      }
    }
    List<List<Object>> expected = new ArrayList<>();
    messages.forEach((reason, all) -> expected.add(List.of(reason, all.size(), all.get(0))));
    expected.sort(Comparator.comparing(row -> -(Integer) row.get(1)));
    assertEquals(2, expected.size());
    answer(9).assertRows(expected);
  }

  @Test
  void question10_generationDepthOverTime() throws Exception {
    Map<Double, List<Double>> byMinute = new TreeMap<>();
    counted.lives.forEach((id, life) -> byMinute
        .computeIfAbsent(Math.floor(life.conceivedSeconds / 60), none -> new ArrayList<>())
        .add((double) tale.conceived(id).generation()));
    List<List<Object>> expected = new ArrayList<>();
    byMinute.forEach((minute, all) -> expected.add(
        List.of(minute, all.size(), mean(all), all.stream().mapToDouble(Double::doubleValue).max().orElseThrow())));
    assertTrue(expected.size() > 5);
    answer(10).assertRows(expected);
  }

  @Test
  void individuals_areWhatTheSpineLeaves() throws Exception {
    List<List<Object>> expected = new ArrayList<>();
    counted.lives.forEach((id, life) -> {
      IndividualEvent.Conceived made = tale.conceived(id);
      expected.add(Arrays.asList(id, life.parent == 0 ? null : life.parent, made.generation(), made.inherits(),
          made.parameters(), life.attempts, life.state, life.fitness, life.test, life.flops, life.conceivedEvent,
          life.conceivedSeconds, life.trainedEvent == 0 ? null : life.trainedEvent,
          life.trainedEvent == 0 ? null : tale.spine.get((int) life.trainedEvent - 1).at().toString(),
          life.diedEvent == 0 ? null : life.diedEvent, life.diedEvent == 0 ? null : life.diedSeconds));
    });
    Answer.of(history, "SELECT id, parent, generation, inherits, parameters, attempts, state, fitness, test_accuracy,"
        + " flops, conceived_event, conceived_seconds, trained_event, trained_time, died_event, died_seconds"
        + " FROM individuals").assertRows(expected);
  }

  @Test
  void trainings_andCurves_holdEveryResult() throws Exception {
    List<List<Object>> results = new ArrayList<>();
    List<List<Object>> points = new ArrayList<>();
    tale.biographies.forEach((id, biography) -> biography.forEach(event -> {
      if (event instanceof IndividualEvent.Trained trained) {
        results.add(Arrays.asList(id, trained.attempt(), "TRAINED", trained.fitness(), null, trained.flops(),
            trained.tookMillis() / 1000.0, trained.worker(), trained.weights()));
        trained.curve().forEach(point ->
            points.add(List.of(id, trained.attempt(), point.step(), point.loss(), point.accuracy())));
      } else if (event instanceof IndividualEvent.Failed failed) {
        results.add(Arrays.asList(id, failed.attempt(), "FAILED", null, failed.reason(), failed.flops(), null,
            failed.worker(), null));
      }
    }));
    Answer.of(history, "SELECT individual, attempt, result, fitness, reason, flops, took_seconds, worker, weights"
        + " FROM trainings").assertRows(results);
    Answer.of(history, "FROM curves").assertRows(points);
    Answer.of(history, "SELECT count(*) FROM trainings WHERE event IS NULL AND fitness = 0.99")
        .assertRows(List.of(List.of(1)));
    Answer.of(history, "SELECT count(*) FROM trainings WHERE assigned_event >= event OR assigned_seconds > seconds"
        + " OR assigned_event IS NULL").assertRows(List.of(List.of(0)));
  }

  @Test
  void sittings_areNumbered() throws Exception {
    long sittings = tale.spine.stream().filter(event -> event instanceof PopulationEvent.ExperimentStarted
        || event instanceof PopulationEvent.Resumed || event instanceof PopulationEvent.Forked).count();
    Answer.of(history, "SELECT count(*), max(event), max(sitting), max(seconds) FROM events").assertRows(
        List.of(List.of(tale.spine.size(), tale.spine.size(), sittings, counted.end())));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }
}
