package dev.cambrian.actors;

import dev.cambrian.persistence.PopulationEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Who holds which child, and until when. Lives only as long as the population's actor: what a crash leaves in
 * training is held by nobody that is known, and is asked for. A lease goes from held (by a worker, until a deadline
 * that heartbeats move) to asked (the biography is asked whether the training ended) to waiting (for a worker, under
 * the next attempt), and ends with the child's training.
 */
final class Leases {

  /** A child to be handed out under this attempt. */
  record Waiting(long child, int attempt) {}

  private enum Stage {
    HELD,
    ASKED,
    WAITING
  }

  private static final class Lease {
    private Stage stage;
    private int attempt;
    private String worker;
    private Instant since;
    private Instant deadline;
    private Optional<WorkerProgress> progress = Optional.empty();
  }

  private final Duration length;
  private final SortedMap<Long, Lease> leases = new TreeMap<>();

  /** No leases yet; each will hold for {@code length} after it was granted or renewed. */
  Leases(Duration length) {
    this.length = length;
  }

  /** Whoever held a child is not known any more. */
  void forget() {
    leases.clear();
  }

  /** A worker was given an attempt. */
  private void granted(long child, int attempt, String worker, Instant now) {
    Lease lease = new Lease();
    lease.stage = Stage.HELD;
    lease.attempt = attempt;
    lease.worker = worker;
    lease.since = now;
    lease.deadline = now.plus(length);
    leases.put(child, lease);
  }

  /** A worker was given an attempt before a recovery, and is probably still there: until then it can say so. */
  void remembered(long child, int attempt, String worker, Instant now, Duration patience) {
    granted(child, attempt, worker, now);
    leases.get(child).deadline = now.plus(patience);
  }

  /** Whatever the workers of these names hold is not worked on any more: the biographies are to be asked at once. */
  void gone(Predicate<String> workers, Instant now) {
    leases.values().stream()
        .filter(lease -> lease.stage == Stage.HELD && workers.test(lease.worker))
        .forEach(lease -> lease.deadline = now);
  }

  /** An event of the spine granted a lease, ended one, or ended all. */
  void happened(PopulationEvent event, PopulationState population, Instant now) {
    if (event instanceof PopulationEvent.InitialAssigned assigned) {
      granted(assigned.child(), 1, assigned.worker(), now);
    } else if (event instanceof PopulationEvent.TournamentHeld held && held.parent().isPresent()) {
      granted(held.child(), 1, held.worker(), now);
    } else if (event instanceof PopulationEvent.Reassigned again) {
      granted(again.child(), again.attempt(), again.worker(), now);
    } else if (event instanceof PopulationEvent.ChildTrained trained) {
      leases.remove(trained.child());
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      leases.remove(failed.child());
    } else if (event instanceof PopulationEvent.WeightsReset) {
      population.children().values().forEach(child -> begunAnew(child.id(), child.attempt() + 1, now));
    }
  }

  /** The child's worker may be lost: its biography is to be asked at once. */
  void suspect(long child, int attempt, Instant now) {
    granted(child, attempt, "", now.minus(length));
  }

  /** The child whose lease this worker holds. */
  Optional<Long> heldBy(String worker) {
    return leases.entrySet().stream()
        .filter(entry -> entry.getValue().stage == Stage.HELD && entry.getValue().worker.equals(worker))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * A worker says what it works on. Its lease is renewed; any other child that it was given was lost on the way to it,
   * for a worker has one slot.
   *
   * @return whether the attempt that it names is over
   */
  boolean renewed(WorkerProgress progress, Instant now) {
    if (progress.assignment().isEmpty()) {
      return false;
    }
    Lease lease = leases.get(progress.assignment().get().child());
    if (lease == null
        || lease.stage != Stage.HELD
        || lease.attempt != progress.assignment().get().attempt()
        || !lease.worker.equals(progress.worker())) {
      return true;
    }
    lease.deadline = now.plus(length);
    lease.progress = Optional.of(progress);
    return false;
  }

  /** The children whose biographies are to be asked now: their deadline passed, or the last question had no answer. */
  List<Waiting> toAsk(Instant now) {
    List<Waiting> asked = new ArrayList<>();
    leases.forEach((child, lease) -> {
      if (lease.stage != Stage.WAITING && !now.isBefore(lease.deadline)) {
        lease.stage = Stage.ASKED;
        lease.deadline = now.plus(length);
        asked.add(new Waiting(child, lease.attempt + 1));
      }
    });
    return asked;
  }

  /** The biography did not answer: it is asked again after this pause. */
  void unanswered(long child, Instant now, Duration pause) {
    Lease lease = leases.get(child);
    if (lease != null && lease.stage == Stage.ASKED) {
      lease.deadline = now.plus(pause);
    }
  }

  /** The biography has no result and takes none before this attempt: the child waits for a worker. */
  void fenced(long child, int attempt) {
    Lease lease = leases.get(child);
    if (lease != null && lease.stage == Stage.ASKED) {
      lease.stage = Stage.WAITING;
      lease.attempt = attempt;
      lease.worker = "";
      lease.progress = Optional.empty();
    }
  }

  /** Whoever held the child works for nothing: it waits for a worker, under this attempt. */
  private void begunAnew(long child, int attempt, Instant now) {
    granted(child, attempt, "", now);
    Lease lease = leases.get(child);
    lease.stage = Stage.WAITING;
  }

  /** Whether the biography of this child was asked and has not answered. */
  boolean asked(long child) {
    Lease lease = leases.get(child);
    return lease != null && lease.stage == Stage.ASKED;
  }

  /** Whether any biography was asked, or is to be asked, and has not answered. */
  boolean anyUnclear(Instant now) {
    return leases.values().stream().anyMatch(lease ->
        lease.stage == Stage.ASKED || lease.stage == Stage.HELD && !now.isBefore(lease.deadline));
  }

  /** How many children wait for a worker. */
  int waiting() {
    return (int) leases.values().stream().filter(lease -> lease.stage == Stage.WAITING).count();
  }

  /** The next child that waits for a worker: the oldest. */
  Optional<Waiting> nextWaiting() {
    return leases.entrySet().stream()
        .filter(entry -> entry.getValue().stage == Stage.WAITING)
        .map(entry -> new Waiting(entry.getKey(), entry.getValue().attempt))
        .findFirst();
  }

  /** Weights that workers stored and that no event may name yet. */
  Set<String> storedWeights() {
    Set<String> stored = new HashSet<>();
    leases.values().forEach(lease -> lease.progress.flatMap(WorkerProgress::stored).ifPresent(stored::add));
    return stored;
  }

  /** How many children workers hold. */
  int held() {
    return (int) leases.values().stream()
        .filter(lease -> lease.stage == Stage.HELD && !lease.worker.isEmpty()).count();
  }

  /** The trainings in progress, by worker. */
  List<Status.Training> trainings(Instant now) {
    List<Status.Training> trainings = new ArrayList<>();
    leases.forEach((child, lease) -> {
      if (lease.stage == Stage.HELD) {
        long step = lease.progress.map(WorkerProgress::step).orElse(0L);
        long steps = lease.progress.map(WorkerProgress::steps).orElse(0L);
        double seconds = Math.max(0, Duration.between(lease.since, now).toMillis()) / 1000.0;
        trainings.add(new Status.Training(lease.worker, child, lease.attempt, step, steps, seconds));
      }
    });
    trainings.sort(Comparator.comparing(Status.Training::worker));
    return trainings;
  }
}
