package dev.cambrian.persistence.history;

import dev.cambrian.model.Dna;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.model.Seeds;
import dev.cambrian.model.Shape;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * How long it takes to put a history of so many individuals (the argument) into tables, and then to answer the ten
 * questions; without the journal, which is read once.
 */
final class LoadSpeed implements HistorySource {
  private static final int POPULATION = 100;
  private static final Instant BEGIN = Instant.parse("2017-03-06T10:11:12Z");

  private final long individuals;
  private final List<String> genotypes;

  private LoadSpeed(long individuals) {
    this.individuals = individuals;
    GraphSpace space = new GraphSpace(new Shape(3, 32, 32), 10);
    RandomGenerator random = Seeds.random(1);
    this.genotypes = Stream.iterate(space.initial(random),
            dna -> space.mutate(dna, MutationSettings.paper(), random).genotype())
        .limit(60).map((Dna dna) -> space.toJson(dna)).toList();
  }

  public static void main(String[] arguments) throws Exception {
    LoadSpeed source = new LoadSpeed(Long.parseLong(arguments[0]));
    try (HistoryDatabase history = HistoryDatabase.open(Optional.empty())) {
      long began = System.nanoTime();
      history.load(source);
      System.out.printf("load: %.1f s%n", seconds(began));
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      System.out.printf("heap: %d MiB%n", (runtime.totalMemory() - runtime.freeMemory()) >> 20);
      for (String sql : DocumentedQueries.read().questions()) {
        began = System.nanoTime();
        long[] rows = {0};
        history.answer(history.understand(sql), new Rows() {
          @Override
          public void columns(List<String> names) {}

          @Override
          public void row(List<Object> values) {
            rows[0]++;
          }
        });
        System.out.printf("%,d rows: %.2f s%n", rows[0], seconds(began));
      }
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  @Override
  public void spine(BiConsumer<Long, PopulationEvent> sink) {
    sink.accept(1L, new PopulationEvent.ExperimentStarted(BEGIN, "speed", new ExperimentSettings(1, "graph",
        "tournament", POPULATION, MutationSettings.paper(), true,
        new ExperimentSettings.Training("surrogate", 10, 5, 0.9, 1e-4, "fp32", false, 1, 1, 1),
        new ExperimentSettings.Data("shapes", "", "", 1), "all")));
    for (long id = 1; id <= individuals; id++) {
      Instant at = BEGIN.plusSeconds(id);
      sink.accept(2 * id, id <= POPULATION
          ? new PopulationEvent.InitialAssigned(at, id, id, "worker")
          : new PopulationEvent.TournamentHeld(at, id - POPULATION, parent(id).getAsLong(),
              OptionalLong.of(id - POPULATION), parent(id), id, id, MutationSettings.paper(), "worker"));
      sink.accept(2 * id + 1, new PopulationEvent.ChildTrained(at, id, 1, fitness(id), "w" + id, 1e9, 1000,
          StreamHead.EMPTY));
    }
  }

  private static OptionalLong parent(long id) {
    return id <= POPULATION ? OptionalLong.empty() : OptionalLong.of(id - POPULATION / 2);
  }

  private static double fitness(long id) {
    return Math.floorMod(id * 0x9E3779B97F4A7C15L, 1_000_003L) / 1_000_003.0;
  }

  @Override
  public void biographies(BiConsumer<Long, List<IndividualEvent>> sink) {
    List<IndividualEvent.CurvePoint> curve =
        Stream.iterate(1, step -> step + 1).limit(5).map(step -> new IndividualEvent.CurvePoint(step, 1, 0.5)).toList();
    for (long id = 1; id <= individuals; id++) {
      Instant at = BEGIN.plusSeconds(id);
      sink.accept(id, List.of(
          new IndividualEvent.Conceived(at, id, parent(id), (int) (id / (POPULATION / 2)),
              List.of(MutationKind.ADD_SKIP), genotypes.get((int) (id % genotypes.size())), true, 1000),
          new IndividualEvent.Trained(at, 1, fitness(id), "w" + id, 1e9, curve, 1000, "worker")));
    }
  }
}
