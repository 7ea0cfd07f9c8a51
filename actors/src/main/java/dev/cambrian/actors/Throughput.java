package dev.cambrian.actors;

import dev.cambrian.persistence.PopulationEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** How fast the workers are, from what they say about themselves in the present run. */
final class Throughput {
  private static final Duration WINDOW = Duration.ofSeconds(15);

  /** Samples of the window are not closer to each other than this, however many workers there are. */
  private static final Duration GRAIN = Duration.ofMillis(100);

  /** Training images of all workers since each was first heard of. */
  private record Sample(Instant at, long images) {}

  private record Worker(Instant firstSeen, long trainedBefore, WorkerProgress last, Instant lastSeen) {}

  private final Instant start;
  private final Map<String, Worker> workers = new HashMap<>();
  private final Deque<Sample> samples = new ArrayDeque<>();
  private Sample newest;
  private long ended;

  /** A run that begins now. */
  Throughput(Instant now) {
    this.start = now;
    this.newest = new Sample(now, 0);
  }

  /** A worker says how far it is. */
  void heard(WorkerProgress progress, Instant now) {
    Worker before = workers.get(progress.worker());
    workers.put(progress.worker(), before == null
        ? new Worker(now, progress.trainedMillis(), progress, now)
        : new Worker(before.firstSeen, before.trainedBefore, progress, now));
    long images = before == null ? 0 : Math.max(0, progress.images() - before.last.images());
    newest = new Sample(now, newest.images + images);
    if (samples.isEmpty() || !now.isBefore(samples.peekLast().at.plus(GRAIN))) {
      samples.addLast(newest);
    }
    while (samples.size() > 2 && samples.peekFirst().at.isBefore(now.minus(WINDOW))) {
      samples.removeFirst();
    }
  }

  /** These workers are gone. */
  void gone(Predicate<String> names) {
    workers.keySet().removeIf(names);
  }

  /** After an event an individual may have ended its training. */
  void happened(PopulationEvent event) {
    ended += event instanceof PopulationEvent.ChildTrained || event instanceof PopulationEvent.ChildFailed ? 1 : 0;
  }

  /** Whether any worker was heard of within this time. */
  boolean anyWorker(Instant now, Duration within) {
    return workers.values().stream().anyMatch(worker -> worker.lastSeen.isAfter(now.minus(within)));
  }

  /** Individuals that ended their training, per minute of the run. */
  double perMinute(Instant now) {
    double minutes = Duration.between(start, now).toMillis() / 60_000.0;
    return minutes > 0 ? ended / minutes : 0;
  }

  /** Training images per second of all workers, over the last seconds. */
  double imagesPerSecond() {
    if (samples.isEmpty()) {
      return 0;
    }
    double seconds = Duration.between(samples.peekFirst().at, newest.at).toMillis() / 1000.0;
    return seconds > 0 ? (newest.images - samples.peekFirst().images) / seconds : 0;
  }

  /** The share of the workers' wall time, since each was first heard of, that they trained. */
  double trainingShare() {
    double trained = 0;
    double wall = 0;
    for (Worker worker : workers.values()) {
      trained += worker.last.trainedMillis() - worker.trainedBefore;
      wall += Duration.between(worker.firstSeen, worker.lastSeen).toMillis();
    }
    return wall > 0 ? Math.min(1, trained / wall) : 0;
  }
}
