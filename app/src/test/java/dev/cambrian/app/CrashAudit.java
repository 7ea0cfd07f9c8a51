package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.ControlDecision;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.model.Decision;
import dev.cambrian.model.Dna;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.model.Seeds;
import dev.cambrian.model.Shape;
import dev.cambrian.model.TournamentSelection;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HeadFile;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalVerdict;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.PostgresServer;
import dev.cambrian.persistence.StreamHead;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What must hold of an experiment after a crash at any instant: its spine is a history that could have happened without
 * the crash, its biographies are those that the spine tells of, its weights are there, and nothing that anyone was told
 * is gone. The rules are written down here once more, apart from the code under test, where that is possible.
 */
final class CrashAudit {
  private enum Fate {
    TRAINING,
    ALIVE,
    DEAD,
    FAILED
  }

  /** What the spine says of one individual. */
  private static final class Individual {
    private Fate fate = Fate.TRAINING;
    private int attempt = 1;
    private final OptionalLong parent;
    private final long seed;
    private final MutationSettings mutation;
    private final Map<Integer, String> workers = new HashMap<>();
    private long killedBy;
    private boolean lost;
    /** What ended its trainings: more than once where weights were reset in between. */
    private final List<PopulationEvent> ends = new ArrayList<>();

    Individual(OptionalLong parent, long seed, MutationSettings mutation, String worker) {
      this.parent = parent;
      this.seed = seed;
      this.mutation = mutation;
      workers.put(1, worker);
    }
  }

  private static final GraphSpace SPACE = new GraphSpace(new Shape(1, CrashHarness.SIDE, CrashHarness.SIDE), 10);

  private final ExperimentHome home;
  private final CrashHistory history;
  private final List<PopulationEvent> events;
  private final Map<Long, Individual> individuals = new HashMap<>();
  private final Map<Long, PopulationState> after = new HashMap<>();
  private final Map<String, Long> commands = new HashMap<>();
  private final Set<Long> resets = new HashSet<>();
  private boolean paused;
  private PopulationState state = PopulationState.empty();

  private CrashAudit(ExperimentHome home) throws IOException {
    this.home = home;
    this.history = CrashHistory.of(home);
    this.events = history.events();
  }

  /** Audits an experiment that no process evolves. */
  static CrashAudit of(ExperimentHome home) throws IOException {
    return of(home, Set.of());
  }

  /** As the other one, where it does not matter whether these weights are there. */
  static CrashAudit of(ExperimentHome home, Set<String> lostWeights) throws IOException {
    JournalVerdict verdict = Journal.of(home).check();
    assertFalse(verdict instanceof JournalVerdict.Lost, verdict::toString);
    CrashAudit audit = new CrashAudit(home);
    assertEquals(audit.events.size(), verdict.spine().sequence());
    audit.auditSpine();
    audit.auditBiographies();
    audit.auditWeights(lostWeights);
    audit.auditHead();
    return audit;
  }

  /** The population as the spine's last event left it. */
  PopulationState state() {
    return state;
  }

  /** How many children were taken from each worker and given to another, or to itself again. */
  Map<String, Integer> handedOutAgain() {
    Map<Long, String> held = new HashMap<>();
    Map<String, Integer> again = new HashMap<>();
    for (PopulationEvent event : events) {
      if (event instanceof PopulationEvent.InitialAssigned assigned) {
        held.put(assigned.child(), assigned.worker());
      } else if (event instanceof PopulationEvent.TournamentHeld tournament && tournament.parent().isPresent()) {
        held.put(tournament.child(), tournament.worker());
      } else if (event instanceof PopulationEvent.Reassigned reassigned) {
        again.merge(held.put(reassigned.child(), reassigned.worker()), 1, Integer::sum);
      }
    }
    return again;
  }

  CrashHistory history() {
    return history;
  }

  /** The requests of clients that changed something, by their ids, and the events that they are. */
  Map<String, Long> commands() {
    return commands;
  }

  /** What a process told about an event, before the crash, is still so. */
  void holds(ObjectNode told) {
    long event = told.get("event").asLong();
    PopulationState then = after.get(event);
    assertNotNull(then, () -> "event " + event + " was told of, but the spine ends at event " + events.size());
    assertEquals(told.get("individuals").asLong(), then.conceived(), told.toString());
    assertEquals(told.get("alive").asLong(), then.alive(), told.toString());
    assertEquals(told.get("dead").asLong(), then.dead(), told.toString());
    assertEquals(told.get("training").asLong(), then.training(), told.toString());
    assertEquals(told.get("failed").asLong(), then.failed(), told.toString());
    then.best().ifPresent(best -> assertEquals(told.get("best").asDouble(), best.fitness(), told.toString()));
  }

  /** The deaths up to an event that the biographies do not know of. */
  Set<Long> untoldDeaths(long upTo) {
    Set<Long> untold = new HashSet<>();
    individuals.forEach((id, individual) -> {
      boolean dead = individual.killedBy > 0 && individual.killedBy <= upTo;
      if (dead && history.biography(id).stream().noneMatch(IndividualEvent.Killed.class::isInstance)) {
        untold.add(id);
      }
    });
    return untold;
  }

  private void auditSpine() {
    StreamHead head = StreamHead.EMPTY;
    for (int i = 0; i < events.size(); i++) {
      Link link = history.spine().get(i);
      assertTrue(link.follows(head), "event " + link.sequence() + " does not follow event " + head.sequence());
      head = link.head();
      int size = count(Fate.ALIVE) + count(Fate.TRAINING);
      auditDecision(events.get(i), head.sequence());
      apply(events.get(i), head.sequence());
      steer(events.get(i), head.sequence());
      state = state.updated(link);
      after.put(head.sequence(), state);
      auditCounts(head.sequence(), size);
    }
  }

  /** The strategy, asked again on the state of then, decides the same. */
  private void auditDecision(PopulationEvent event, long number) {
    if (!(event instanceof PopulationEvent.InitialAssigned) && !(event instanceof PopulationEvent.TournamentHeld)) {
      return;
    }
    long seed = Seeds.derive(state.inForce().seed(), state.decisions() + 1, "selection");
    Decision decision = new TournamentSelection().decide(state, Seeds.random(seed));
    if (event instanceof PopulationEvent.TournamentHeld held) {
      assertEquals(new Decision.Tournament(held.first(), held.second(), held.killed(), held.parent()), decision,
          "event " + number);
      int size = count(Fate.ALIVE) + count(Fate.TRAINING);
      boolean full = size >= state.setPoint();
      assertEquals(full, held.killed().isPresent(), "event " + number + " of a population of " + size);
      assertTrue(held.first() != held.second(), "event " + number);
      assertEquals(Fate.ALIVE, individuals.get(held.first()).fate, "event " + number);
      assertEquals(Fate.ALIVE, individuals.get(held.second()).fate, "event " + number);
    } else {
      assertEquals(new Decision.StartAnew(), decision, "event " + number);
      assertTrue(count(Fate.ALIVE) < 2, "event " + number);
    }
  }

  private void apply(PopulationEvent event, long number) {
    String where = "event " + number + ": " + event;
    assertEquals(number == 1, event instanceof PopulationEvent.ExperimentStarted, where);
    if (event instanceof PopulationEvent.InitialAssigned assigned) {
      conceive(assigned.child(), OptionalLong.empty(), assigned.seed(), state.inForce().mutation(), assigned.worker(),
          where);
    } else if (event instanceof PopulationEvent.TournamentHeld held) {
      if (held.parent().isPresent()) {
        conceive(held.child(), held.parent(), held.seed(), held.mutation(), held.worker(), where);
      }
      held.killed().ifPresent(id -> {
        individuals.get(id).fate = Fate.DEAD;
        individuals.get(id).killedBy = number;
      });
    } else if (event instanceof PopulationEvent.Reassigned again) {
      Individual child = inTraining(again.child(), where);
      assertTrue(again.attempt() > child.attempt, where);
      child.attempt = again.attempt();
      child.workers.put(again.attempt(), again.worker());
      assertFalse(paused, where);
    } else if (event instanceof PopulationEvent.ChildTrained trained) {
      end(trained.child(), trained.attempt(), Fate.ALIVE, trained, where);
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      end(failed.child(), failed.attempt(), Fate.FAILED, failed, where);
    } else if (event instanceof PopulationEvent.LossAccepted loss) {
      loss.individuals().forEach(id -> {
        Individual lost = individuals.get(id);
        lost.lost = true;
        if (lost.fate == Fate.ALIVE || lost.fate == Fate.TRAINING) {
          lost.fate = Fate.DEAD;
        }
      });
    }
  }

  /** What somebody asked for: once for an id, and it holds from there on. */
  private void steer(PopulationEvent event, long number) {
    String where = "event " + number + ": " + event;
    if (event instanceof PopulationEvent.SettingsChanged changed) {
      answered(changed.command(), number);
      assertNotEquals(state.inForce(), changed.settings(), where);
      assertEquals(ControlDecision.changed(state.inForce(), changed.key(), changed.value()), changed.settings(), where);
    } else if (event instanceof PopulationEvent.Paused pause) {
      answered(pause.command(), number);
      assertFalse(paused, where);
      paused = true;
    } else if (event instanceof PopulationEvent.Unpaused unpause) {
      answered(unpause.command(), number);
      assertTrue(paused, where);
      paused = false;
    } else if (event instanceof PopulationEvent.WeightsReset reset) {
      answered(reset.command(), number);
      resets.add(number);
      individuals.values().stream().filter(one -> one.fate == Fate.ALIVE || one.fate == Fate.TRAINING).forEach(one -> {
        one.fate = Fate.TRAINING;
        one.attempt++;
      });
    }
  }

  private void answered(String command, long number) {
    if (!command.isEmpty()) {
      Long before = commands.put(command, number);
      assertNull(before, () -> "request " + command + " is event " + before + " and event " + number);
    }
  }

  private void conceive(long id, OptionalLong parent, long seed, MutationSettings mutation, String worker,
      String where) {
    assertFalse(paused, where);
    assertEquals(individuals.size() + 1, id, where);
    parent.ifPresent(one -> assertEquals(Fate.ALIVE, individuals.get(one).fate, where));
    assertEquals(Seeds.derive(state.inForce().seed(), id, "child"), seed, where);
    individuals.put(id, new Individual(parent, seed, mutation, worker));
  }

  private Individual inTraining(long id, String where) {
    assertTrue(individuals.containsKey(id), where);
    assertEquals(Fate.TRAINING, individuals.get(id).fate, where);
    return individuals.get(id);
  }

  private void end(long id, int attempt, Fate fate, PopulationEvent end, String where) {
    Individual child = inTraining(id, where);
    assertEquals(child.attempt, attempt, where);
    child.fate = fate;
    child.ends.add(end);
  }

  /** @param before how many there were before this event: a population that was made smaller does not grow */
  private void auditCounts(long number, int before) {
    if (state.settings().isEmpty()) {
      return;
    }
    String where = "after event " + number;
    assertTrue(count(Fate.ALIVE) + count(Fate.TRAINING) <= Math.max(state.setPoint(), before), where);
    assertEquals(count(Fate.ALIVE), state.alive(), where);
    assertEquals(count(Fate.TRAINING), state.training(), where);
    assertEquals(count(Fate.DEAD), state.dead(), where);
    assertEquals(count(Fate.FAILED), state.failed(), where);
    assertEquals(individuals.size(), state.conceived(), where);
  }

  private int count(Fate fate) {
    return (int) individuals.values().stream().filter(one -> one.fate == fate).count();
  }

  private void auditBiographies() {
    history.biographies().keySet().forEach(id ->
        assertTrue(individuals.containsKey(id), "individual " + id + " has a biography, but no event tells of it"));
    individuals.forEach(this::auditBiography);
  }

  private void auditBiography(long id, Individual known) {
    if (known.lost) {
      return;
    }
    String where = "biography of individual " + id;
    List<Link> links = history.biographies().getOrDefault(id, List.of());
    List<IndividualEvent> biography = history.biography(id);
    StreamHead head = StreamHead.EMPTY;
    int attempt = 1;
    int results = 0;
    int conceptions = 0;
    long lastReset = 0;
    boolean killed = false;
    for (int i = 0; i < links.size(); i++) {
      assertTrue(links.get(i).follows(head), where + " at record " + (i + 1));
      head = links.get(i).head();
      IndividualEvent event = biography.get(i);
      if (event instanceof IndividualEvent.Conceived made) {
        assertEquals(1, ++conceptions, where);
        assertEquals(0, results, where);
        auditGenotype(id, known, made);
      } else if (event instanceof IndividualEvent.AttemptFenced fenced) {
        assertTrue(fenced.attempt() > attempt && results == 0, where);
        assertTrue(fenced.attempt() <= known.attempt + 1, where);
        attempt = fenced.attempt();
      } else if (event instanceof IndividualEvent.WeightsReset reset) {
        assertTrue(reset.attempt() > attempt && known.workers.containsKey(reset.attempt()), where);
        assertTrue(reset.event() > lastReset && resets.contains(reset.event()), where);
        attempt = reset.attempt();
        lastReset = reset.event();
        results = 0;
      } else if (event instanceof IndividualEvent.Killed death) {
        assertTrue(!killed, where);
        killed = true;
        assertEquals(known.killedBy, death.event(), where);
      } else {
        assertEquals(1, ++results, where);
        auditResult(id, known, event, attempt);
      }
    }
    auditEnds(id, known, links, biography);
  }

  /** The genotype is the one that the parent's, the settings and the seed in the spine's event give. */
  private void auditGenotype(long id, Individual known, IndividualEvent.Conceived made) {
    String where = "genotype of individual " + id;
    assertEquals(id, made.id(), where);
    assertEquals(known.parent, made.parent(), where);
    var random = Seeds.random(Seeds.derive(known.seed, id, "mutation"));
    if (known.parent.isEmpty()) {
      assertEquals(SPACE.toJson(SPACE.initial(random)), made.genotype(), where);
      return;
    }
    if (individuals.get(known.parent.getAsLong()).lost) {
      return;
    }
    IndividualEvent.Conceived parent = (IndividualEvent.Conceived) history.biography(known.parent.getAsLong()).stream()
        .filter(IndividualEvent.Conceived.class::isInstance).findFirst().orElseThrow();
    Dna genotype = SPACE.mutate(SPACE.fromJson(parent.genotype()), known.mutation, random).genotype();
    assertEquals(SPACE.toJson(genotype), made.genotype(), where);
    assertEquals(parent.generation() + 1, made.generation(), where);
  }

  private void auditResult(long id, Individual known, IndividualEvent result, int attempt) {
    String where = "result of individual " + id;
    boolean trained = result instanceof IndividualEvent.Trained;
    int of = trained ? ((IndividualEvent.Trained) result).attempt() : ((IndividualEvent.Failed) result).attempt();
    String worker = trained ? ((IndividualEvent.Trained) result).worker() : ((IndividualEvent.Failed) result).worker();
    assertTrue(of >= attempt, where);
    assertTrue(resets.isEmpty() ? of == known.attempt : of <= known.attempt, where);
    assertEquals(known.workers.get(of), worker, where);
  }

  /** Of whom the spine tells an end, the biography told it before, and still does. */
  private void auditEnds(long id, Individual known, List<Link> links, List<IndividualEvent> biography) {
    String where = "end of individual " + id;
    for (PopulationEvent end : known.ends) {
      if (end instanceof PopulationEvent.ChildTrained trained) {
        auditHead(trained.biography(), links, where);
        IndividualEvent.Trained told = (IndividualEvent.Trained) last(trained.biography(), biography);
        assertEquals(trained.attempt(), told.attempt(), where);
        assertEquals(trained.fitness(), told.fitness(), where);
        assertEquals(trained.weights(), told.weights(), where);
      } else {
        PopulationEvent.ChildFailed failed = (PopulationEvent.ChildFailed) end;
        auditHead(failed.biography(), links, where);
        IndividualEvent.Failed told = (IndividualEvent.Failed) last(failed.biography(), biography);
        assertEquals(failed.attempt(), told.attempt(), where);
        assertEquals(failed.reason(), told.reason(), where);
      }
    }
    if (known.fate != Fate.TRAINING) {
      long results = biography.stream().filter(event -> attempt(event) == known.attempt).count();
      assertEquals(1, results, () -> where + ", which is " + known.fate + " by attempt " + known.attempt);
    }
  }

  /** The attempt that ended; 0 where none did. */
  private static int attempt(IndividualEvent event) {
    return event instanceof IndividualEvent.Trained trained ? trained.attempt()
        : event instanceof IndividualEvent.Failed failed ? failed.attempt() : 0;
  }

  private static void auditHead(StreamHead known, List<Link> links, String where) {
    assertTrue(known.sequence() <= links.size(), where + ": the biography ends before its record " + known.sequence());
    assertEquals(known, links.get((int) known.sequence() - 1).head(), where);
  }

  private static IndividualEvent last(StreamHead head, List<IndividualEvent> biography) {
    return biography.get((int) head.sequence() - 1);
  }

  private void auditWeights(Set<String> lost) throws IOException {
    Map<String, String> named = new HashMap<>();
    state.living().forEach(alive -> named.put(alive.weights(), "individual " + alive.id() + ", which lives"));
    state.best().ifPresent(best -> named.put(best.weights(), "individual " + best.id() + ", the best"));
    state.children().values().stream().filter(child -> child.parent().isPresent() && child.reset() == 0)
        .forEach(child -> named.put(child.parentWeights(), "the parent of " + child.id() + ", which is in training"));
    named.keySet().removeAll(lost);
    FolderWeightStore store = new FolderWeightStore(home.weights());
    for (Map.Entry<String, String> weights : named.entrySet()) {
      try {
        store.get(new WeightsHash(weights.getKey()));
      } catch (IOException e) {
        throw new AssertionError("the weights of " + weights.getValue() + ": " + e.getMessage(), e);
      }
    }
  }

  /** The head file is never ahead of the journal, and tells the same. */
  private void auditHead() throws IOException {
    if (PostgresServer.of(home).isPresent()) {
      return;
    }
    StreamHead known = HeadFile.read(home.head()).orElseThrow();
    assertTrue(known.sequence() <= events.size(),
        "the head file tells of event " + known.sequence() + ", but the spine ends at event " + events.size());
    assertEquals(known, known.sequence() == 0 ? StreamHead.EMPTY
        : history.spine().get((int) known.sequence() - 1).head());
  }
}
