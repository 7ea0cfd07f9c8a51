package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cambrian list}: the experiments that there are. */
@Command(
    name = "list",
    header = "Lists the experiments.",
    description = {"", "With --json: the object of 'status --json' for each.", ""})
final class ListCommand implements Callable<Integer> {
  private static final String ROW = "%-24s %-10s %12s %10s %12s";

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    Session session = common.session();
    Experiments experiments = common.experiments();
    List<ObjectNode> all = new ArrayList<>();
    int exitCode = 0;
    for (String name : experiments.names()) {
      try {
        all.add(experiments.view(name).status());
      } catch (UserError e) {
        // One that cannot be read does not hide the others.
        exitCode = session.report(e, false);
      }
    }
    if (common.json()) {
      all.forEach(status -> session.out().println(Json.line(status)));
    } else if (all.isEmpty()) {
      session.out().println(
          "There are no experiments in " + experiments.home() + " yet: 'cambrian evolve' starts one.");
    } else {
      session.out().println(ROW.formatted("experiment", "state", "individuals", "best", "time").stripTrailing());
      all.forEach(status -> session.out().println(row(status)));
    }
    return exitCode;
  }

  private static String row(ObjectNode status) {
    OptionalDouble best = status.path("best").isNumber()
        ? OptionalDouble.of(status.path("best").asDouble()) : OptionalDouble.empty();
    return ROW.formatted(
        status.path("experiment").asText(), status.path("state").asText(),
        ProgressText.count(status.path("individuals").asLong()), ProgressText.percent(best),
        ProgressText.duration(status.path("elapsedSeconds").asDouble()));
  }
}
