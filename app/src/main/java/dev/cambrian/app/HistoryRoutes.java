package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.history.HistoryDatabase;
import dev.cambrian.persistence.history.HistorySource;
import dev.cambrian.persistence.history.QueryFailed;
import dev.cambrian.persistence.history.QueryRefused;
import dev.cambrian.persistence.history.Question;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** What can be asked over HTTP about an experiment's past. It is read from the disk: evolution notices nothing. */
final class HistoryRoutes {
  private static final String DOT = "text/vnd.graphviz";
  private static final String SVG = "image/svg+xml";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final List<String> FORMATS = List.of("json", "text", "dot", "svg");

  private static final Route.Parameter AT = new Route.Parameter("at",
      "The moment: an event's number, or a time like 2026-11-22T10:15:30Z. Now, if it is left out.",
      JsonSchema.text("An event or a time."));

  private static final Route.Parameter ID =
      new Route.Parameter("id", "The individual's number.", JsonSchema.whole("A number.", 1));

  private final ExperimentHome home;

  /** A query may take half of the machine. */
  private final Semaphore querying = new Semaphore(1);

  private HistoryRoutes(ExperimentHome home) {
    this.home = home;
  }

  /** The routes over one experiment's home. */
  static List<Route> of(ExperimentHome home) {
    HistoryRoutes routes = new HistoryRoutes(home);
    return List.of(
        Route.get("/history", "What happened, event by event.",
            List.of(
                new Route.Parameter("from", "The first event that is told, by its number or a time; the first of all,"
                    + " if it is left out.", JsonSchema.text("An event or a time.")),
                new Route.Parameter("to", "The last event that is told, by its number or a time; the last one until"
                    + " now, if it is left out.", JsonSchema.text("An event or a time."))),
            Route.Reply.lines("The objects of 'replay --json', one a line. Where it breaks off, the last line is an"
                + " object with an error alone.", HistorySchemas.event()),
            routes::history),
        Route.get("/population", "The population at any moment.", List.of(AT),
            Route.Reply.json("The object of 'show --json'.", HistorySchemas.population()),
            routes::population),
        Route.get("/individuals/{id}", "One individual's whole life up to any moment.", List.of(ID, AT),
            Route.Reply.json("The object of 'show individual ID --json'.", HistorySchemas.individual()),
            routes::individual),
        Route.get("/lineage/{id}", "An individual's ancestors, and what each step changed and brought.",
            List.of(ID, new Route.Parameter("format", "How it is told; json, if it is left out.",
                JsonSchema.choice("A format.", FORMATS))),
            Route.Reply.json("The object of 'lineage --json', or a text.", HistorySchemas.lineage())
                .or(TEXT, "Lines for a terminal.").or(DOT, "A graph for Graphviz.").or(SVG, "A drawing."),
            routes::lineage),
        Route.post("/query", "Asks the history in SQL, one SELECT at a time; see docs/queries.md for the tables.",
            JsonSchema.object(JsonSchema.fields().and("sql", JsonSchema.text("One SELECT."))),
            Route.Reply.lines("The rows, one a line: an object by the columns' names. Where it breaks off, the last"
                + " line is an object with an error alone.", JsonSchema.anyObject("A row.")),
            routes::query));
  }

  private Answer history(Asked asked) {
    return Answer.lines(out -> {
      try (RecordedHistory history = RecordedHistory.open(Journal.of(home))) {
        long first = event(history, asked, "from").orElse(1L);
        long last = event(history, asked, "to").orElse(history.last());
        if (first > last) {
          throw UserError.usage("from is event " + first + ", which lies behind to, event " + last + ".");
        }
        EventText text = words(history);
        history.rewind().play(history.population(first - 1), last, (before, event, after) -> write(EventJson.of(
            after.head().sequence(), event, text.words(before, event), history.mutations(event)), out));
      }
    });
  }

  private Answer population(Asked asked) throws IOException {
    try (RecordedHistory history = RecordedHistory.open(Journal.of(home))) {
      return Answer.of(new ShownPopulation(at(history, asked), history::biography).json());
    }
  }

  private Answer individual(Asked asked) throws IOException {
    long id = id(asked);
    try (RecordedHistory history = RecordedHistory.open(Journal.of(home))) {
      return Answer.of(LifeStory.of(history, at(history, asked), id, words(history)).json());
    }
  }

  private Answer lineage(Asked asked) throws IOException {
    long id = id(asked);
    String format = asked.text("format").orElse("json");
    if (!FORMATS.contains(format)) {
      throw UserError.usage("format must be one of " + String.join(", ", FORMATS) + ", not '" + format + "'.");
    }
    Lineage lineage;
    try (RecordedHistory history = RecordedHistory.open(Journal.of(home))) {
      lineage = Lineage.of(history.name(), id, history::biography);
    }
    switch (format) {
      case "text":
        return Answer.of(TEXT, lineage.text());
      case "dot":
        return Answer.of(DOT, lineage.dot());
      case "svg":
        return Answer.of(SVG, LineageDrawing.of(lineage));
      default:
        return Answer.of(lineage.json());
    }
  }

  private Answer query(Asked asked) {
    if (asked.body().size() != 1 || !asked.body().path("sql").isTextual()) {
      throw UserError.usage("a query is an object with sql, a text, and nothing else.");
    }
    return Answer.lines(out -> {
      if (!querying.tryAcquire()) {
        throw UserError.failed("another query is still being answered; try again.");
      }
      try {
        answer(asked.body().get("sql").asText(), out);
      } finally {
        querying.release();
      }
    });
  }

  private void answer(String sql, OutputStream out) throws IOException {
    try (HistoryDatabase history = HistoryDatabase.open(Optional.empty())) {
      Question question = history.understand(sql);
      try (JournalReader journal = Journal.of(home).read()) {
        history.loadFor(question, HistorySource.of(journal));
      }
      history.answer(question, new JsonRows(row -> write(row, out)));
    } catch (QueryRefused e) {
      throw UserError.usage(e.getMessage());
    } catch (QueryFailed e) {
      throw UserError.failed(e.getMessage(), e);
    }
  }

  private static void write(ObjectNode object, OutputStream out) {
    try {
      Answer.write(object, out);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static long id(Asked asked) {
    return asked.whole("id", 1, Long.MAX_VALUE).orElseThrow();
  }

  private static PopulationState at(RecordedHistory history, Asked asked) throws IOException {
    return history.population(event(history, asked, "at").orElse(history.last()));
  }

  private static Optional<Long> event(RecordedHistory history, Asked asked, String parameter) throws IOException {
    Optional<String> moment = asked.text(parameter);
    return moment.isPresent() ? Optional.of(history.event(parameter, moment.get())) : Optional.empty();
  }

  private static EventText words(RecordedHistory history) {
    return new EventText(history::biography, ZoneOffset.UTC);
  }
}
