package dev.cambrian.persistence.history;

import dev.cambrian.persistence.PopulationEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What happened in a tale, counted by going through its spine event by event. */
final class Counted {

  /** One individual as the spine leaves it; NaN and 0 for what is not there. */
  static final class Life {
    long parent;
    String state = "TRAINING";
    double fitness = Double.NaN;
    double test = Double.NaN;
    double flops;
    int attempts;
    long conceivedEvent;
    double conceivedSeconds;
    long trainedEvent;
    double trainedSeconds;
    long diedEvent;
    double diedSeconds;
  }

  final Map<Long, Life> lives = new TreeMap<>();

  /** By event: how long the experiment had run. */
  final List<Double> seconds = new ArrayList<>();

  Counted(Tale tale) {
    Instant before = Instant.EPOCH;
    long millis = 0;
    Set<String> pauses = Set.of("ExperimentStarted", "Resumed", "Forked", "LossAccepted");
    for (PopulationEvent event : tale.spine) {
      if (!pauses.contains(event.getClass().getSimpleName())) {
        millis += Duration.between(before, event.at()).toMillis();
      }
      before = event.at();
      seconds.add(millis / 1000.0);
      take(seconds.size(), millis / 1000.0, event);
    }
  }

  double end() {
    return seconds.get(seconds.size() - 1);
  }

  private void take(long number, double at, PopulationEvent event) {
    if (event instanceof PopulationEvent.InitialAssigned assigned) {
      conceive(assigned.child(), 0, number, at);
    } else if (event instanceof PopulationEvent.TournamentHeld held) {
      held.killed().ifPresent(killed -> die(killed, number, at));
      held.parent().ifPresent(parent -> conceive(held.child(), parent, number, at));
    } else if (event instanceof PopulationEvent.Reassigned again) {
      lives.get(again.child()).attempts = again.attempt();
    } else if (event instanceof PopulationEvent.ChildTrained trained) {
      Life life = lives.get(trained.child());
      life.state = "ALIVE";
      life.fitness = trained.fitness();
      life.flops += trained.flops();
      life.trainedEvent = number;
      life.trainedSeconds = at;
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      Life life = lives.get(failed.child());
      life.state = "FAILED";
      life.flops += failed.flops();
    } else if (event instanceof PopulationEvent.TestRead read) {
      Life life = lives.get(read.individual());
      life.test = Double.isNaN(life.test) ? read.testAccuracy() : life.test;
    } else if (event instanceof PopulationEvent.LossAccepted loss) {
      new HashSet<>(loss.individuals()).forEach(lost -> die(lost, number, at));
    } else if (event instanceof PopulationEvent.WeightsReset) {
      lives.values().stream().filter(life -> life.state.equals("ALIVE")).forEach(life -> {
        life.state = "TRAINING";
        life.fitness = Double.NaN;
        life.trainedEvent = 0;
      });
    }
  }

  private void conceive(long id, long parent, long event, double at) {
    Life life = new Life();
    life.parent = parent;
    life.attempts = 1;
    life.conceivedEvent = event;
    life.conceivedSeconds = at;
    lives.put(id, life);
  }

  private void die(long id, long event, double at) {
    Life life = lives.get(id);
    life.state = "DEAD";
    life.diedEvent = event;
    life.diedSeconds = at;
  }
}
