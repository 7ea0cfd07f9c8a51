package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cambrian status}: how far an experiment is. */
@Command(
    name = "status",
    header = "Tells how far an experiment is.",
    description = {
      "",
      "Asks the process that evolves it, or reads its journal where none does. With --json: experiment, state"
          + " (evolving, paused, stopped or finished), event, individuals, alive, dead, training, failed, best (the best"
          + " fitness, 0 to 1), flops, elapsedSeconds, nodes (those of 'cluster status').",
      ""
    })
final class StatusCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    ObjectNode status = common.experiments().view(name).status();
    common.session().out().println(common.json() ? Json.line(status) : text(status));
    if (!common.json()) {
      ClusterCommand.text(status.path("nodes")).forEach(common.session().out()::println);
    }
    return 0;
  }

  /** The status as a person reads it. */
  static String text(ObjectNode status) {
    String best = status.path("best").isNumber()
        ? ProgressText.percent(OptionalDouble.of(status.path("best").asDouble())) : "-";
    return """
        experiment   %s, %s at event %s
        individuals  %s   alive %s   training %s   dead %s   failed %s
        fitness      best %s
        spent        %s FLOPs in %s"""
        .formatted(
            status.path("experiment").asText(), status.path("state").asText(),
            ProgressText.count(status.path("event").asLong()),
            ProgressText.count(status.path("individuals").asLong()), status.path("alive").asText(),
            status.path("training").asText(), ProgressText.count(status.path("dead").asLong()),
            ProgressText.count(status.path("failed").asLong()),
            best,
            ProgressText.flops(status.path("flops").asDouble()),
            ProgressText.duration(status.path("elapsedSeconds").asDouble()));
  }
}
