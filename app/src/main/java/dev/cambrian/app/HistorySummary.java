package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.Rewind;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.PopulationEvent.ChildFailed;
import dev.cambrian.persistence.PopulationEvent.ChildTrained;
import dev.cambrian.persistence.PopulationEvent.InitialAssigned;
import dev.cambrian.persistence.PopulationEvent.KillsAcknowledged;
import dev.cambrian.persistence.PopulationEvent.Reassigned;
import dev.cambrian.persistence.PopulationEvent.Resumed;
import dev.cambrian.persistence.PopulationEvent.TournamentHeld;
import dev.cambrian.persistence.PopulationEvent.WeightsCollected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A part of a history in short: how much of what happened, how the best became better, and who changed something. */
final class HistorySummary implements Rewind.Scene {

  /** An individual that was better than all before it. */
  private record Better(long event, Instant at, double seconds, long individual, double fitness) {}

  /** Something that is told one by one. */
  private record Told(long event, Instant at, PopulationEvent happened, String words) {}

  private final EventText text;
  private final SortedMap<String, Long> events = new TreeMap<>();
  private final SortedMap<String, Long> failures = new TreeMap<>();
  private final List<Better> best = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();
  private PopulationState first;
  private PopulationState last;
  private Instant began = Instant.EPOCH;
  private int runs;
  private long tournaments;
  private long handedOutAgain;

  HistorySummary(EventText text) {
    this.text = text;
  }

  @Override
  public void happened(PopulationState before, PopulationEvent event, PopulationState after) {
    if (first == null) {
      first = before;
      began = event.at();
      runs = 1;
    } else if (event instanceof Resumed) {
      runs++;
    }
    last = after;
    events.merge(EventCodec.name(event), 1L, Long::sum);
    tournaments += event instanceof TournamentHeld ? 1 : 0;
    handedOutAgain += event instanceof Reassigned ? 1 : 0;
    if (event instanceof ChildFailed failed) {
      failures.merge(failed.reason().toLowerCase(Locale.ROOT).replace('_', ' '), 1L, Long::sum);
    } else if (event instanceof ChildTrained trained && !after.best().equals(before.best())) {
      best.add(new Better(after.head().sequence(), event.at(), after.runningMillis() / 1000.0, trained.child(),
          trained.fitness()));
    } else if (!isEveryday(event)) {
      told.add(new Told(after.head().sequence(), event.at(), event, text.words(before, event)));
    }
  }

  private static boolean isEveryday(PopulationEvent event) {
    return event instanceof InitialAssigned || event instanceof TournamentHeld || event instanceof Reassigned
        || event instanceof ChildTrained || event instanceof KillsAcknowledged || event instanceof WeightsCollected
        || event instanceof Resumed;
  }

  /** For a person, several lines. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("""
        History of %s, events %s to %s
          time         %s to %s, %s of evolution in %s
          individuals  %s conceived, %s died, %s failed%s
          tournaments  %s, and %s handed out again
          spent        %s FLOPs
        """.formatted(
            last.experiment(), ProgressText.count(first.head().sequence() + 1),
            ProgressText.count(last.head().sequence()),
            this.text.time(began), this.text.time(last.lastAt()),
            ProgressText.duration((last.runningMillis() - first.runningMillis()) / 1000.0),
            runs == 1 ? "one run" : runs + " runs",
            ProgressText.count(last.conceived() - first.conceived()), ProgressText.count(last.dead() - first.dead()),
            ProgressText.count(last.failed() - first.failed()), failuresByReason(),
            ProgressText.count(tournaments), ProgressText.count(handedOutAgain),
            ProgressText.flops(last.flops() - first.flops())));
    if (!best.isEmpty()) {
      text.append("  the best so far, by time of evolution\n");
      for (Better one : best) {
        text.append(String.format(Locale.ROOT, "    %9s  event %,9d  %8s  %s\n", ProgressText.duration(one.seconds()),
            one.event(), EventText.percent(one.fitness()), EventText.id(one.individual())));
      }
    }
    if (!told.isEmpty()) {
      text.append("  told one by one\n");
      told.forEach(one -> text.append(this.text.line(one.event(), one.at(), one.words())).append('\n'));
    }
    return text.toString().stripTrailing();
  }

  private String failuresByReason() {
    return failures.isEmpty() ? "" : failures.entrySet().stream()
        .map(reason -> ProgressText.count(reason.getValue()) + " " + reason.getKey())
        .collect(Collectors.joining(", ", " (", ")"));
  }

  /** For scripts. */
  ObjectNode json() {
    ObjectNode node = Json.object()
        .put("experiment", last.experiment())
        .put("from", first.head().sequence() + 1)
        .put("to", last.head().sequence())
        .put("began", began.toString())
        .put("ended", last.lastAt().toString())
        .put("elapsedSeconds", (last.runningMillis() - first.runningMillis()) / 1000.0)
        .put("runs", runs)
        .put("conceived", last.conceived() - first.conceived())
        .put("died", last.dead() - first.dead())
        .put("failed", last.failed() - first.failed())
        .put("flops", last.flops() - first.flops());
    ObjectNode counts = node.putObject("events");
    events.forEach(counts::put);
    ObjectNode reasons = node.putObject("failures");
    failures.forEach(reasons::put);
    ArrayNode better = node.putArray("best");
    best.forEach(one -> better.addObject()
        .put("event", one.event()).put("at", one.at().toString()).put("elapsedSeconds", one.seconds())
        .put("individual", one.individual()).put("fitness", one.fitness()));
    ArrayNode others = node.putArray("told");
    told.forEach(one -> others.add(EventJson.told(one.event(), one.happened(), one.words())));
    return node;
  }
}
