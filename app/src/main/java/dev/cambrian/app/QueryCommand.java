package dev.cambrian.app;

import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.history.HistoryDatabase;
import dev.cambrian.persistence.history.HistorySource;
import dev.cambrian.persistence.history.QueryFailed;
import dev.cambrian.persistence.history.QueryRefused;
import dev.cambrian.persistence.history.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian query}: SQL over an experiment's history. */
@Command(
    name = "query",
    header = "Asks the history of an experiment in SQL.",
    description = {
      "",
      "One SELECT over the tables individuals, events, tournaments, trainings, curves, controls and workers;"
          + " \"SHOW TABLES\" and \"DESCRIBE individuals\" tell about them, docs/queries.md explains them and answers"
          + " ten questions. The journal is read as it is now, also while the experiment runs; the SQL can change"
          + " nothing and reaches no file.",
      "",
      "  @|bold cambrian query mine \"SELECT id, fitness FROM individuals ORDER BY fitness DESC LIMIT 5\"|@",
      "",
      "With --json: one object a row, by the columns' names.",
      ""
    })
final class QueryCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Parameters(index = "1", paramLabel = "SQL", description = "One query, e.g. \"SELECT count(*) FROM individuals\".")
  String sql;

  @Option(names = "--out", paramLabel = "FILE",
      description = "Write the answer into this file, .csv or .parquet, in place of what is there.")
  String out;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    Optional<Path> file = out == null ? Optional.empty() : Optional.of(writable(out));
    Journal kept = common.experiments().journal(name);
    try (HistoryDatabase history = open(file)) {
      Question question = history.understand(sql);
      try (JournalReader journal = kept.read()) {
        history.loadFor(question, HistorySource.of(journal));
      }
      if (history.lastEvent() == 0) {
        throw UserError.failed(name + " has not begun yet; 'cambrian evolve " + name + "' starts it.");
      }
      answer(history, question, file);
      return 0;
    } catch (QueryRefused e) {
      throw UserError.usage(e.getMessage());
    } catch (QueryFailed e) {
      throw UserError.failed(e.getMessage(), e);
    }
  }

  private void answer(HistoryDatabase history, Question question, Optional<Path> file) throws IOException {
    Session session = common.session();
    long rows;
    if (file.isPresent()) {
      rows = history.export(question);
      session.out().println(common.json()
          ? Json.line(Json.object().put("file", file.get().toString()).put("rows", rows)
              .put("event", history.lastEvent()))
          : "Wrote " + counted(rows) + " to " + file.get() + ".");
    } else if (common.json()) {
      rows = history.answer(question, new JsonRows(row -> session.out().println(Json.line(row))));
    } else {
      TextTable table = new TextTable(session.out(), session.terminal());
      rows = history.answer(question, table);
      table.end();
    }
    session.err().println("cambrian: note: " + name + " up to event " + ProgressText.count(history.lastEvent()) + ", "
        + counted(rows) + ".");
  }

  private static String counted(long rows) {
    return ProgressText.count(rows) + (rows == 1 ? " row" : " rows");
  }

  private static HistoryDatabase open(Optional<Path> file) {
    try {
      return HistoryDatabase.open(file);
    } catch (IOException e) {
      throw UserError.failed(e.getMessage(), e);
    }
  }

  private static Path writable(String out) {
    if (!out.endsWith(".csv") && !out.endsWith(".parquet")) {
      throw UserError.usage("--out must be a file that ends in .csv or .parquet, not " + out + ".");
    }
    Path file = Path.of(out).toAbsolutePath();
    if (Files.isDirectory(file)) {
      throw UserError.usage("--out must be a file, and " + file + " is a folder.");
    }
    if (!Files.isDirectory(file.getParent()) || !Files.isWritable(file.getParent())) {
      throw UserError.failed("--out cannot be written: there is no folder " + file.getParent()
          + " that may be written to.");
    }
    return file;
  }
}
