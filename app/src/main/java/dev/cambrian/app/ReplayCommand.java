package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.StateDigest;
import dev.cambrian.actors.Verification;
import java.io.IOException;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian replay}: the history of an experiment, event by event. */
@Command(
    name = "replay",
    header = "Tells the history of an experiment as it happened.",
    description = {
      "",
      "One line an event: its number, its time, and who met whom, died, was made by which mutations, and how fit it is."
          + " An event is named by its number or by a time, like 2026-11-22T10:15:30. A running experiment is told up to"
          + " now, and not disturbed. With --json, an object an event: event, at, type, text, mutations (of the child"
          + " that it assigns) and fields (what is stored).",
      ""
    })
final class ReplayCommand implements Callable<Integer> {

  /** Whoever reads the lines wants no more of them. */
  private static final class Unread extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Option(names = "--from", paramLabel = "EVENT|TIME", description = "The first event that is told.")
  String from;

  @Option(names = "--to", paramLabel = "EVENT|TIME", description = "The last event that is told.")
  String to;

  @Option(names = "--speed", paramLabel = "N|max",
      description = "So many times as fast as it was, or as fast as it can be told (the default).")
  String speed;

  @Option(names = "--summary", description = "In short: how much of what, how the best became better, who steered.")
  boolean summary;

  @Option(names = "--verify", description = "Tell nothing, but fold the whole history and compare the population that it"
      + " gives with every snapshot, and with the state of the process that evolves it, to the last bit.")
  boolean verify;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    Session session = common.session();
    Experiments experiments = common.experiments();
    if (verify && (from != null || to != null || speed != null || summary)) {
      throw UserError.usage("--verify is about the whole history; leave out --from, --to, --speed and --summary.");
    }
    if (summary && speed != null) {
      throw UserError.usage("--summary is told at once; leave out --speed.");
    }
    double times = Pace.parse(speed == null ? "max" : speed);
    if (verify) {
      return verify(session, experiments);
    }
    try (RecordedHistory history = experiments.history(name)) {
      history.noteTornEnd(session);
      long first = from == null ? 1 : history.event("--from", from);
      long last = to == null ? history.last() : history.event("--to", to);
      if (first > last) {
        throw UserError.usage("--from is event " + first + ", which lies behind --to, event " + last + ".");
      }
      EventText text = new EventText(history::biography, ZoneId.systemDefault());
      PopulationState before = history.population(first - 1);
      if (summary) {
        HistorySummary told = new HistorySummary(text);
        history.rewind().play(before, last, told);
        session.out().println(common.json() ? Json.line(told.json()) : told.text());
      } else {
        tell(history, before, last, text, new Pace(times, Thread::sleep));
      }
      return 0;
    }
  }

  private void tell(RecordedHistory history, PopulationState from, long last, EventText text, Pace pace)
      throws IOException {
    PrintStream out = common.session().out();
    try {
      history.rewind().play(from, last, (before, event, after) -> {
        if (before.head().sequence() > from.head().sequence()) {
          pace.between(before, after);
        }
        out.println(common.json()
            ? Json.line(EventJson.of(
                after.head().sequence(), event, text.words(before, event), history.mutations(event)))
            : text.line(before, event, after));
        if (out.checkError()) {
          throw new Unread();
        }
      });
    } catch (Unread enough) {
      // As with any filter of which only the first lines are wanted.
    }
  }

  private int verify(Session session, Experiments experiments) throws Exception {
    Optional<StateDigest> live = experiments.digest(name);
    try (RecordedHistory history = experiments.history(name)) {
      history.noteTornEnd(session);
      Verification verification = Verification.of(history.journal(), live);
      session.out().println(common.json() ? Json.line(json(verification)) : text(verification));
      return verification.holds() ? 0 : UserError.FAILED;
    }
  }

  /** For a person: how much agrees, and one by one what does not. */
  private String text(Verification verification) {
    StringBuilder text = new StringBuilder();
    text.append(name).append(": ").append(ProgressText.count(verification.end().sequence()))
        .append(" events folded, from the first on; every one follows the one before.\n");
    long equal = verification.count(Verification.Result.EQUAL);
    text.append("  snapshots  ").append(verification.snapshots().isEmpty() ? "there are none yet"
        : equal + " of " + verification.snapshots().size() + " are bit-equal to what the history gives").append('\n');
    for (Verification.Compared one : verification.snapshots()) {
      if (one.result() != Verification.Result.EQUAL) {
        text.append("             not that after event ").append(one.event()).append(": ").append(one.what())
            .append('\n');
      }
    }
    text.append("  process    ").append(verification.live()
        .map(one -> one.result() == Verification.Result.EQUAL
            ? "its state at event " + one.event() + " is bit-equal to what the history gives"
            : "its state at event " + one.event() + " differs: " + one.what())
        .orElse("none evolves it"));
    return text.toString();
  }

  private ObjectNode json(Verification verification) {
    ObjectNode node = Json.object()
        .put("experiment", name)
        .put("events", verification.end().sequence())
        .put("head", verification.end().hash())
        .put("holds", verification.holds());
    ArrayNode snapshots = node.putArray("snapshots");
    verification.snapshots().forEach(one -> snapshots.add(json(one)));
    node.set("live", verification.live().map(ReplayCommand::json).orElse(null));
    return node;
  }

  private static ObjectNode json(Verification.Compared one) {
    return Json.object()
        .put("event", one.event())
        .put("result", one.result().name().toLowerCase(Locale.ROOT))
        .put("what", one.what());
  }
}
