package dev.cambrian.persistence.history;

import dev.cambrian.model.Dna;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.model.NetworkTooLarge;
import dev.cambrian.model.Offspring;
import dev.cambrian.model.Seeds;
import dev.cambrian.model.Shape;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A history in memory in which everything happens that can: several sittings, failures, lost workers, resets of all
 * weights, losses, changes of settings, and trainings in flight at its end. Drawn from a seed, with real genotypes.
 */
final class Tale implements HistorySource {
  private static final int POPULATION = 12;
  private static final int WORKERS = 3;
  private static final MutationSettings MUTATION = new MutationSettings(2, Map.of(
      MutationKind.ADD_SKIP, 3.0, MutationKind.INSERT_CONVOLUTION, 2.0, MutationKind.ALTER_NUMBER_OF_CHANNELS, 0.1));
  private static final ExperimentSettings SETTINGS = new ExperimentSettings(1, "graph", "tournament", POPULATION,
      MUTATION, true,
      new ExperimentSettings.Training("surrogate", 10, 5, 0.9, 1e-4, "fp32", false, 1_000_000, 4096, 1e15),
      new ExperimentSettings.Data("shapes", "", "none", 1), "all");

  final List<PopulationEvent> spine = new ArrayList<>();
  final Map<Long, List<IndividualEvent>> biographies = new TreeMap<>();

  private final GraphSpace space = new GraphSpace(new Shape(3, 8, 8), 10);
  private final SplittableRandom random;
  private final Map<Long, Dna> genotypes = new TreeMap<>();
  private final List<Long> living = new ArrayList<>();
  private final Map<Long, Double> fitness = new TreeMap<>();
  private final Map<Long, Integer> attempts = new TreeMap<>();
  private final List<Pending> training = new ArrayList<>();
  private final List<Pending> waiting = new ArrayList<>();
  private Instant now = Instant.parse("2017-03-06T10:11:12.345678Z");
  private long children;

  private record Pending(long id, int attempt, int worker) {
    String name() {
      return "node/cpu/" + worker;
    }
  }

  private Tale(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A history of so many steps. */
  static Tale of(long seed, int steps) {
    Tale tale = new Tale(seed);
    tale.tell(new PopulationEvent.ExperimentStarted(tale.now, "tale", SETTINGS));
    for (int step = 1; step <= steps; step++) {
      tale.now = tale.now.plusMillis(50 + tale.random.nextInt(2000)).plusNanos(tale.random.nextInt(1000) * 1000);
      if (step % 40 == 0) {
        tale.special(step / 40);
      } else if (tale.training.size() < WORKERS) {
        tale.assign();
      } else {
        tale.end();
      }
    }
    // Known to its biography, and not yet to the population.
    Pending last = tale.training.get(0);
    tale.biographies.get(last.id()).add(tale.trained(last, 0.99));
    return tale;
  }

  private void special(int kind) {
    switch (kind % 14) {
      case 1 -> tell(new PopulationEvent.SettingsChanged(
          now, "request-" + kind, "mutations-per-reproduction", "5", SETTINGS));
      case 2 -> tell(new PopulationEvent.TestRead(now, living.get(random.nextInt(living.size())), random.nextDouble()));
      case 3 -> tell(new PopulationEvent.Paused(now, "pause"));
      case 4 -> tell(new PopulationEvent.Unpaused(now, ""));
      case 5 -> {
        now = now.plus(Duration.ofHours(7));
        tell(new PopulationEvent.Resumed(now));
      }
      case 6 -> reset();
      case 7 -> tell(new PopulationEvent.TestRead(now, living.get(random.nextInt(living.size())), random.nextDouble()));
      case 8 -> tell(new PopulationEvent.WeightsCollected(now, List.of("a", "b")));
      case 9 -> tell(new PopulationEvent.KillsAcknowledged(now, List.of(1L)));
      case 10 -> tell(new PopulationEvent.MomentPinned(now, "pin", 17, List.of("a")));
      case 11 -> tell(new PopulationEvent.MomentUnpinned(now, "unpin", 17));
      case 12 -> {
        now = now.plus(Duration.ofHours(1));
        lose();
      }
      case 13 -> {
        now = now.plus(Duration.ofDays(1));
        tell(new PopulationEvent.Forked(now, "tale", "parent", spine.size(), SETTINGS));
      }
      default -> tell(new PopulationEvent.TestRead(now, living.get(0), random.nextDouble()));
    }
  }

  /** All weights are given up: everybody trains again. */
  private void reset() {
    tell(new PopulationEvent.WeightsReset(now, ""));
    List<Long> everybody = new ArrayList<>(living);
    training.forEach(pending -> everybody.add(pending.id()));
    waiting.forEach(pending -> everybody.add(pending.id()));
    training.clear();
    living.clear();
    fitness.clear();
    waiting.clear();
    for (long id : everybody) {
      attempts.merge(id, 1, Integer::sum);
      biographies.get(id).add(new IndividualEvent.WeightsReset(now, attempts.get(id), spine.size()));
      waiting.add(new Pending(id, attempts.get(id), 0));
    }
  }

  /** One living and one in training are lost. */
  private void lose() {
    long alive = living.remove(random.nextInt(living.size()));
    fitness.remove(alive);
    long child = training.remove(0).id();
    tell(new PopulationEvent.LossAccepted(now, "events 5 to 9", List.of(alive, child)));
  }

  private void assign() {
    int worker = 1 + (int) (children + spine.size()) % WORKERS;
    if (!waiting.isEmpty()) {
      Pending next = waiting.remove(0);
      Pending again = new Pending(next.id(), attempts.merge(next.id(), 1, Integer::sum), worker);
      tell(new PopulationEvent.Reassigned(now, again.id(), again.attempt(), again.name()));
      training.add(again);
    } else if (living.size() < 2) {
      Pending child = new Pending(++children, 1, worker);
      tell(new PopulationEvent.InitialAssigned(now, child.id(), children, child.name()));
      conceive(child, OptionalLong.empty());
    } else {
      hold(worker);
    }
  }

  private void hold(int worker) {
    long first = living.get(random.nextInt(living.size()));
    long second = living.get(random.nextInt(living.size()));
    long worse = fitness.get(first) < fitness.get(second) ? first : second;
    long better = worse == first ? second : first;
    boolean kills = worse != better && living.size() + training.size() >= POPULATION;
    boolean breeds = !kills || random.nextInt(5) > 0;
    Pending child = new Pending(breeds ? ++children : 0, 1, worker);
    tell(new PopulationEvent.TournamentHeld(now, first, second,
        kills ? OptionalLong.of(worse) : OptionalLong.empty(),
        breeds ? OptionalLong.of(better) : OptionalLong.empty(), child.id(), children, MUTATION,
        breeds ? child.name() : ""));
    if (kills) {
      living.remove(worse);
      fitness.remove(worse);
      biographies.get(worse).add(new IndividualEvent.Killed(now, spine.size()));
    }
    if (breeds) {
      conceive(child, OptionalLong.of(better));
    }
  }

  private void conceive(Pending child, OptionalLong parent) {
    Offspring<Dna> made = parent.isPresent()
        ? space.mutate(genotypes.get(parent.getAsLong()), MUTATION, Seeds.random(random.nextLong()))
        : new Offspring<>(space.initial(Seeds.random(1)), List.of(), false);
    int generation = parent.isPresent() ? conceived(parent.getAsLong()).generation() + 1 : 0;
    long parameters;
    try {
      parameters = space.express(made.genotype()).parameters();
    } catch (NetworkTooLarge e) {
      parameters = 0;
    }
    genotypes.put(child.id(), made.genotype());
    List<IndividualEvent> biography = new ArrayList<>();
    biography.add(new IndividualEvent.Conceived(now, child.id(), parent, generation, made.mutations(),
        space.toJson(made.genotype()), made.inheritsWeights(), parameters));
    biographies.put(child.id(), biography);
    attempts.put(child.id(), 1);
    training.add(child);
  }

  IndividualEvent.Conceived conceived(long id) {
    return (IndividualEvent.Conceived) biographies.get(id).get(0);
  }

  private void end() {
    Pending ended = training.remove(random.nextInt(training.size()));
    List<IndividualEvent> biography = biographies.get(ended.id());
    int outcome = random.nextInt(10);
    if (outcome == 0) {
      waiting.add(ended);
    } else if (outcome == 1) {
      String reason = random.nextBoolean() ? "DIVERGED" : "TOO_SLOW";
      double flops = random.nextInt(1000);
      biography.add(new IndividualEvent.Failed(now, ended.attempt(), reason, "after " + now, flops, ended.name()));
      tell(new PopulationEvent.ChildFailed(now, ended.id(), ended.attempt(), reason, "after " + now, flops,
          StreamHead.EMPTY));
    } else {
      IndividualEvent.Trained result = trained(ended, random.nextDouble());
      biography.add(result);
      tell(new PopulationEvent.ChildTrained(now, ended.id(), ended.attempt(), result.fitness(), result.weights(),
          result.flops(), conceived(ended.id()).parameters(), StreamHead.EMPTY));
      living.add(ended.id());
      fitness.put(ended.id(), result.fitness());
    }
  }

  private IndividualEvent.Trained trained(Pending ended, double result) {
    return new IndividualEvent.Trained(now, ended.attempt(), result, "weights-" + ended.id() + "-" + ended.attempt(),
        1000 + random.nextInt(1000),
        List.of(new IndividualEvent.CurvePoint(5, 2.5, 0.1), new IndividualEvent.CurvePoint(10, 1.25, result)),
        random.nextInt(2000), ended.name());
  }

  private void tell(PopulationEvent event) {
    spine.add(event);
  }

  @Override
  public void spine(BiConsumer<Long, PopulationEvent> sink) {
    for (int i = 0; i < spine.size(); i++) {
      sink.accept(i + 1L, spine.get(i));
    }
  }

  @Override
  public void biographies(BiConsumer<Long, List<IndividualEvent>> sink) {
    biographies.forEach(sink);
  }
}
