package dev.cambrian.app;

import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cambrian best}: the best model of an experiment. */
@Command(
    name = "best",
    header = "Shows the best model of an experiment, by validation accuracy.",
    description = {
      "",
      "Its accuracy on the test set is there once the experiment has ended. With --json: experiment, individual,"
          + " fitness, testAccuracy (null before the end), parameters, flops (of its training and validation),"
          + " generation, network and weights (its files).",
      ""
    })
final class BestCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    BestModel best = common.experiments().view(name).best();
    common.session().out().println(common.json() ? Json.line(Json.best(best)) : text(best));
    return 0;
  }

  /** The best model as a person reads it. */
  static String text(BestModel best) {
    String test = best.testAccuracy().isPresent()
        ? ProgressText.percent(best.testAccuracy()) + " of the test set"
        : "test set not read before the end";
    return """
        Best model of %s: individual %s, generation %s
          accuracy      %s of the validation set, %s
          parameters    %s
          network       %s
          weights       %s

        %s"""
        .formatted(
            best.experiment(), best.individual(), best.generation(),
            ProgressText.percent(OptionalDouble.of(best.fitness())), test,
            ProgressText.count(best.parameters()),
            best.network(), best.weights(), best.architecture().stripTrailing());
  }
}
