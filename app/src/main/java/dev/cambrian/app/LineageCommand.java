package dev.cambrian.app;

import dev.cambrian.actors.PopulationState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian lineage}: an individual's ancestors. */
@Command(
    name = "lineage",
    header = "Tells an individual's ancestors, and what each step changed and brought.",
    description = {
      "",
      "From the initial individual on: mutations, fitness, its gain on the parent's (in percentage points) and"
          + " parameters. With --json, as with --format json: experiment, individual, and lineage, an array of individual,"
          + " parent, generation, mutations, inherits, parameters, fitness, gain and flops.",
      ""
    })
final class LineageCommand implements Callable<Integer> {
  private static final List<String> FORMATS = List.of("text", "json", "dot", "svg");

  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Parameters(index = "1", paramLabel = "ID", description = "The individual's number, or best for the best so far.")
  String individual;

  @Option(names = "--format", paramLabel = "FORMAT",
      description = "text (the default), json, dot (for Graphviz) or svg (a drawing).")
  String format;

  @Option(names = "--out", paramLabel = "FILE", description = "Write it to a file instead of standard output.")
  String out;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    String chosen = format == null ? common.json() ? "json" : "text" : format;
    if (!FORMATS.contains(chosen)) {
      String guess = Spelling.nearest(chosen, FORMATS).map(near -> "; did you mean " + near + "?").orElse(".");
      throw UserError.usage("--format must be one of " + String.join(", ", FORMATS) + ", not " + chosen + guess);
    }
    if (!individual.matches("best|[1-9]\\d{0,17}")) {
      throw UserError.usage("ID must be an individual's number, or best, not " + individual + ".");
    }
    Session session = common.session();
    Lineage lineage;
    try (RecordedHistory history = common.experiments().history(name)) {
      history.noteTornEnd(session);
      lineage = Lineage.of(name, id(history), history::biography);
    }
    String text = switch (chosen) {
      case "json" -> Json.line(lineage.json());
      case "dot" -> lineage.dot();
      case "svg" -> LineageDrawing.of(lineage);
      default -> lineage.text();
    };
    if (out == null) {
      session.out().println(text);
    } else {
      write(Path.of(out), text);
    }
    return 0;
  }

  private long id(RecordedHistory history) throws IOException {
    if (!individual.equals("best")) {
      return Long.parseLong(individual);
    }
    return history.population(history.last()).best().map(PopulationState.Best::id)
        .orElseThrow(() -> UserError.failed("nobody of " + name + " was trained yet."));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw UserError.failed("--out " + file + " cannot be written: " + e.getMessage() + ".", e);
    }
  }
}
