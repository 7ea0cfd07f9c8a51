package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.persistence.Moment;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian fork}: a second future for an experiment. */
@Command(
    name = "fork",
    header = "Makes a new experiment that shares another one's past and has its own future.",
    description = {
      "",
      "The past ends with the event that is given, or with the last one at a time. Weights are shared, not copied;"
          + " from there on both experiments know nothing of each other. 'cambrian evolve NEW' goes on with the new"
          + " one. The other may be evolving meanwhile. With --json: experiment, parent, event, alive, training and"
          + " weights.",
      ""
    },
    sortOptions = false)
final class ForkCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment whose past is shared.")
  String name;

  @Option(names = "--at", required = true, paramLabel = "EVENT|TIME",
      description = "The last event in common, or a time like 2026-11-22T10:15.")
  String at;

  @Option(names = "--as", required = true, paramLabel = "NEW", description = "The new experiment's name.")
  String as;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "What is other in the new one, as in 'cambrian"
      + " control NAME set KEY=VALUE'; may be given several times.")
  List<String> settings = new ArrayList<>();

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    List<Fork.Setting> asked = settings.stream().map(ForkCommand::setting).toList();
    Fork.Made made = new Fork(common.experiments(), Clock.systemUTC()).make(name, moment(), as, asked);
    common.session().out().println(common.json() ? Json.line(json(made)) : text(made));
    return 0;
  }

  private Moment moment() {
    try {
      return Moment.parse(at, ZoneId.systemDefault());
    } catch (IllegalArgumentException e) {
      throw UserError.usage("--at " + e.getMessage() + ".");
    }
  }

  private static Fork.Setting setting(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw UserError.usage("--set must be KEY=VALUE, not '" + text + "'.");
    }
    return new Fork.Setting(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
  }

  private static ObjectNode json(Fork.Made made) {
    return Json.object()
        .put("experiment", made.experiment())
        .put("parent", made.parent())
        .put("event", made.event())
        .put("alive", made.population().alive())
        .put("training", made.population().training())
        .put("weights", made.weights());
  }

  private static String text(Fork.Made made) {
    return made.experiment() + " shares the past of " + made.parent() + " up to event " + made.event() + ": "
        + ProgressText.count(made.population().alive()) + " alive, "
        + ProgressText.count(made.population().training()) + " in training, the weights of "
        + ProgressText.count(made.weights()) + ". 'cambrian evolve " + made.experiment() + "' goes on with it.";
  }
}
