package dev.cambrian.actors;

import dev.cambrian.model.MutationSettings;
import dev.cambrian.model.PopulationView;
import dev.cambrian.model.Seeds;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.RunningTime;
import dev.cambrian.persistence.StreamHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The population as the spine's events tell it, and nothing else: the living, the children in training, the best, the
 * settings in force, the counters and the kills that their biographies have not acknowledged. Immutable; as large as the
 * living, the children, the pins and the reported individuals, whatever came before: the dead are only counted.
 *
 * @param experiment empty before the first event
 * @param started the settings of the first event, or those that a fork began with
 * @param settings in force: {@code started} and every change since
 * @param paused whether nothing new is assigned until it is told to go on
 * @param commands the last requests that changed something, by their clients' ids, and the events that they caused
 * @param pins the moments that are kept, by their events, and the weights that they name
 * @param head the spine's end
 * @param living the ALIVE individuals, in the order in which they joined
 * @param children the TRAINING individuals by id: assigned to a worker, or waiting for their next attempt
 * @param decisions how often the strategy decided something that was persisted; the next decision's randomness is
 *     derived from it
 * @param conceived individuals ever; the last one's id
 * @param failed children that never lived
 * @param flops spent on training and validation
 * @param best by fitness among all that ever lived, the first of equals
 * @param outbox who was killed, by the event of that number, and has not acknowledged it
 * @param tests the test accuracy by reported individual; where its weights were reset, that of its best model
 * @param runningMillis of all runs, up to the last event
 * @param lastAt the last event's time
 */
public record PopulationState(
    String experiment,
    Optional<ExperimentSettings> started,
    Optional<ExperimentSettings> settings,
    boolean paused,
    Map<String, Long> commands,
    SortedMap<Long, List<String>> pins,
    StreamHead head,
    List<Alive> living,
    SortedMap<Long, Child> children,
    long decisions,
    long conceived,
    long dead,
    long failed,
    double flops,
    Optional<Best> best,
    SortedMap<Long, Long> outbox,
    Map<Long, Double> tests,
    long runningMillis,
    Instant lastAt)
    implements PopulationView, CborMessage {

  private static final int COMMANDS_KEPT = 1024;

  /** One ALIVE individual, by the attempt that made it so. */
  public record Alive(long id, int attempt, double fitness, String weights, long parameters) {}

  /** How a child is made and trained: the settings that were in force when it was first assigned or its weights reset. */
  public record Terms(long steps, int batch, boolean inheritance) {
    static Terms of(ExperimentSettings settings) {
      return new Terms(settings.training().steps(), settings.training().batch(), settings.inheritance());
    }
  }

  /**
   * One TRAINING individual under its current attempt.
   *
   * @param parentWeights what it inherits from, kept in the store while it trains even if the parent dies; empty
   *     without a parent
   * @param reset the event that gave up all weights and that it trains again for, from fresh ones; 0 for none
   */
  public record Child(
      long id,
      int attempt,
      OptionalLong parent,
      String parentWeights,
      long seed,
      MutationSettings mutation,
      Terms terms,
      long reset,
      String worker) {

    private Child reassigned(int nextAttempt, String to) {
      return new Child(id, nextAttempt, parent, parentWeights, seed, mutation, terms, reset, to);
    }

    /** Under its next attempt, from fresh weights, waiting for a worker. */
    private Child afresh(Terms now, long event) {
      return new Child(id, attempt + 1, parent, "", seed, mutation, now, event, "");
    }
  }

  /** The individual with the highest fitness so far. */
  public record Best(long id, double fitness, String weights, long parameters) {}

  public PopulationState {
    commands = Collections.unmodifiableMap(commands);
    pins = Collections.unmodifiableSortedMap(pins);
    living = Collections.unmodifiableList(living);
    children = Collections.unmodifiableSortedMap(children);
    outbox = Collections.unmodifiableSortedMap(outbox);
    tests = Collections.unmodifiableMap(tests);
  }

  /** Before the first event. */
  public static PopulationState empty() {
    return new PopulationState("", Optional.empty(), Optional.empty(), false, Map.of(), new TreeMap<>(),
        StreamHead.EMPTY, List.of(), new TreeMap<>(), 0, 0, 0, 0, 0, Optional.empty(), new TreeMap<>(), Map.of(), 0,
        Instant.EPOCH);
  }

  @Override
  public int alive() {
    return living.size();
  }

  @Override
  public Contender contender(int index) {
    Alive alive = living.get(index);
    return new Contender(alive.id(), alive.fitness());
  }

  @Override
  public int training() {
    return children.size();
  }

  @Override
  public int setPoint() {
    return inForce().population();
  }

  /** The settings in force of an experiment that has started. */
  public ExperimentSettings inForce() {
    return settings.orElseThrow(() -> new IllegalStateException("the experiment has not started"));
  }

  /** The mean fitness of the living; NaN where nobody lives. */
  public double meanFitness() {
    return living.stream().mapToDouble(Alive::fitness).average().orElse(Double.NaN);
  }

  /**
   * The weights that must stay in the store: of the living and the best, what children in training inherit from, and
   * what pinned moments name.
   */
  public Set<String> namedWeights() {
    Set<String> named = neededWeights().collect(Collectors.toCollection(HashSet::new));
    pins.values().forEach(named::addAll);
    return named;
  }

  /** The weights that evolution needs to go on from here: as {@link #namedWeights}, without the pinned moments. */
  public Stream<String> neededWeights() {
    return Stream.of(
            living.stream().map(Alive::weights),
            children.values().stream().map(Child::parentWeights).filter(hash -> !hash.isEmpty()),
            best.stream().map(Best::weights))
        .flatMap(weights -> weights);
  }

  /** Whether a result of this child and attempt is awaited. */
  public boolean awaits(long child, int attempt) {
    return children.containsKey(child) && children.get(child).attempt() == attempt;
  }

  /**
   * The population after one more record of the spine.
   *
   * @throws IllegalStateException where the record does not follow the head: records before it were lost
   */
  public PopulationState updated(Link link) {
    if (!link.follows(head)) {
      throw new IllegalStateException("the population's history is broken: event " + link.sequence()
          + " does not follow event " + head.sequence());
    }
    return updated(EventCodec.decodePopulation(link.event()), link.head());
  }

  /** The population after an event that would be the next. */
  public PopulationState after(PopulationEvent event) {
    return updated(event, Link.after(head, EventCodec.encode(event)).head());
  }

  /** The population after an event that moved the spine's end to {@code next}. */
  PopulationState updated(PopulationEvent event, StreamHead next) {
    Draft draft = new Draft(this, next);
    draft.apply(event);
    return draft.state();
  }

  /** A population that is being changed. */
  private static final class Draft {
    private final StreamHead head;
    private String experiment;
    private Optional<ExperimentSettings> started;
    private Optional<ExperimentSettings> settings;
    private boolean paused;
    private Map<String, Long> commands;
    private SortedMap<Long, List<String>> pins;
    private List<Alive> living;
    private SortedMap<Long, Child> children;
    private long decisions;
    private long conceived;
    private long dead;
    private long failed;
    private double flops;
    private Optional<Best> best;
    private SortedMap<Long, Long> outbox;
    private Map<Long, Double> tests;
    private long runningMillis;
    private Instant lastAt;

    Draft(PopulationState from, StreamHead head) {
      this.head = head;
      experiment = from.experiment;
      started = from.started;
      settings = from.settings;
      paused = from.paused;
      commands = from.commands;
      pins = from.pins;
      living = from.living;
      children = from.children;
      decisions = from.decisions;
      conceived = from.conceived;
      dead = from.dead;
      failed = from.failed;
      flops = from.flops;
      best = from.best;
      outbox = from.outbox;
      tests = from.tests;
      runningMillis = from.runningMillis;
      lastAt = from.lastAt;
    }

    PopulationState state() {
      return new PopulationState(experiment, started, settings, paused, commands, pins, head, living, children,
          decisions, conceived, dead, failed, flops, best, outbox, tests, runningMillis, lastAt);
    }

    void apply(PopulationEvent event) {
      RunningTime running = new RunningTime(runningMillis, lastAt).and(event);
      runningMillis = running.millis();
      lastAt = running.last();
      if (event instanceof PopulationEvent.ExperimentStarted first) {
        begin(first.experiment(), first.settings());
      } else if (event instanceof PopulationEvent.Forked fork) {
        begin(fork.experiment(), fork.settings());
      } else if (event instanceof PopulationEvent.InitialAssigned assigned) {
        decisions++;
        conceive(new Child(assigned.child(), 1, OptionalLong.empty(), "", assigned.seed(),
            settings.orElseThrow().mutation(), Terms.of(settings.orElseThrow()), 0, assigned.worker()));
      } else if (event instanceof PopulationEvent.TournamentHeld held) {
        hold(held);
      } else if (event instanceof PopulationEvent.Reassigned again) {
        children = new TreeMap<>(children);
        children.put(again.child(), child(again.child()).reassigned(again.attempt(), again.worker()));
      } else if (event instanceof PopulationEvent.ChildTrained trained) {
        join(trained);
      } else if (event instanceof PopulationEvent.ChildFailed gone) {
        end(gone.child());
        failed++;
        flops += gone.flops();
      } else if (event instanceof PopulationEvent.KillsAcknowledged told) {
        outbox = new TreeMap<>(outbox);
        outbox.keySet().removeAll(Set.copyOf(told.individuals()));
      } else if (event instanceof PopulationEvent.TestRead read) {
        tests = new TreeMap<>(tests);
        tests.putIfAbsent(read.individual(), read.testAccuracy());
      } else if (event instanceof PopulationEvent.LossAccepted accepted) {
        lose(Set.copyOf(accepted.individuals()));
      } else {
        steer(event);
      }
    }

    private void begin(String name, ExperimentSettings with) {
      experiment = name;
      started = Optional.of(with);
      settings = started;
      paused = false;
      commands = Map.of();
      pins = new TreeMap<>();
    }

    /** What somebody asked for while it ran. */
    private void steer(PopulationEvent event) {
      if (event instanceof PopulationEvent.SettingsChanged changed) {
        settings = Optional.of(changed.settings());
        answered(changed.command());
      } else if (event instanceof PopulationEvent.Paused pause) {
        paused = true;
        answered(pause.command());
      } else if (event instanceof PopulationEvent.Unpaused unpause) {
        paused = false;
        answered(unpause.command());
      } else if (event instanceof PopulationEvent.WeightsReset reset) {
        reset();
        answered(reset.command());
      } else if (event instanceof PopulationEvent.MomentPinned pinned) {
        pins = new TreeMap<>(pins);
        pins.put(pinned.event(), pinned.weights());
        answered(pinned.command());
      } else if (event instanceof PopulationEvent.MomentUnpinned unpinned) {
        pins = new TreeMap<>(pins);
        pins.remove(unpinned.event());
        answered(unpinned.command());
      }
    }

    /** The id of a request stands for the event from now on; the oldest is forgotten where there are too many. */
    private void answered(String command) {
      if (command.isEmpty()) {
        return;
      }
      commands = new TreeMap<>(commands);
      commands.put(command, head.sequence());
      if (commands.size() > COMMANDS_KEPT) {
        commands.values().remove(Collections.min(commands.values()));
      }
    }

    /** Everybody trains from fresh weights: those alive again, those in training anew. */
    private void reset() {
      Terms now = Terms.of(settings.orElseThrow());
      children = new TreeMap<>(children);
      children.replaceAll((id, child) -> child.afresh(now, head.sequence()));
      long seed = settings.orElseThrow().seed();
      for (Alive alive : living) {
        children.put(alive.id(), new Child(alive.id(), alive.attempt() + 1, OptionalLong.empty(), "",
            Seeds.derive(seed, alive.id(), "child"), settings.orElseThrow().mutation(), now, head.sequence(), ""));
      }
      living = List.of();
    }

    /** Whose biographies were lost is dead; where the best is among them, the best of the living takes its place. */
    private void lose(Set<Long> lost) {
      int before = living.size() + children.size();
      living = living.stream().filter(alive -> !lost.contains(alive.id())).toList();
      children = new TreeMap<>(children);
      children.keySet().removeAll(lost);
      dead += before - living.size() - children.size();
      outbox = new TreeMap<>(outbox);
      outbox.keySet().removeAll(lost);
      if (best.isPresent() && lost.contains(best.get().id())) {
        best = living.stream()
            .max(Comparator.comparingDouble(Alive::fitness).thenComparing(Alive::id, Comparator.reverseOrder()))
            .map(alive -> new Best(alive.id(), alive.fitness(), alive.weights(), alive.parameters()));
      }
    }

    private void hold(PopulationEvent.TournamentHeld held) {
      decisions++;
      if (held.parent().isPresent()) {
        Alive parent = find(held.parent().getAsLong());
        conceive(new Child(held.child(), 1, held.parent(), parent.weights(), held.seed(), held.mutation(),
            Terms.of(settings.orElseThrow()), 0, held.worker()));
      }
      if (held.killed().isPresent()) {
        Alive killed = find(held.killed().getAsLong());
        living = new ArrayList<>(living);
        living.remove(killed);
        dead++;
        outbox = new TreeMap<>(outbox);
        outbox.put(killed.id(), head.sequence());
      }
    }

    private void join(PopulationEvent.ChildTrained trained) {
      end(trained.child());
      flops += trained.flops();
      living = new ArrayList<>(living);
      living.add(new Alive(trained.child(), trained.attempt(), trained.fitness(), trained.weights(),
          trained.parameters()));
      if (best.isEmpty() || trained.fitness() > best.get().fitness()) {
        if (tests.containsKey(trained.child())) {
          // Its weights were reset since: this is another model, whose test accuracy nobody knows.
          tests = new TreeMap<>(tests);
          tests.remove(trained.child());
        }
        best = Optional.of(new Best(trained.child(), trained.fitness(), trained.weights(), trained.parameters()));
      }
    }

    private void conceive(Child child) {
      if (child.id() != conceived + 1) {
        throw new IllegalStateException("event " + head.sequence() + " conceives individual " + child.id() + " after "
            + conceived);
      }
      conceived++;
      children = new TreeMap<>(children);
      children.put(child.id(), child);
    }

    private void end(long id) {
      child(id);
      children = new TreeMap<>(children);
      children.remove(id);
    }

    private Child child(long id) {
      Child child = children.get(id);
      if (child == null) {
        throw new IllegalStateException("event " + head.sequence() + " names individual " + id
            + ", which is not in training");
      }
      return child;
    }

    private Alive find(long id) {
      for (Alive alive : living) {
        if (alive.id() == id) {
          return alive;
        }
      }
      throw new IllegalStateException("event " + head.sequence() + " names individual " + id + ", which is not alive");
    }
  }
}
