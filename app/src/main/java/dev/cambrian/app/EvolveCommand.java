package dev.cambrian.app;

import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.app.ConfigurationFile.Given;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian evolve}: starts an experiment, or goes on with it. */
@Command(
    name = "evolve",
    header = "Evolves image classifiers; goes on where the experiment stopped.",
    description = {
      "",
      "Shows its progress and ends with the best model by validation accuracy, its accuracy on the test set"
          + " (read once), its architecture, and where its files are. Ctrl-C stops it cleanly; the same command"
          + " goes on. An experiment keeps the settings that it was started with, but for --until, --workers and"
          + " --home.",
      ""
    },
    optionListHeading = "%nOptions (defaults are those of application.conf):%n",
    sortOptions = false)
final class EvolveCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME",
      description = "The experiment's name; without it, that of its data set.")
  String name;

  @Option(names = "--dataset", paramLabel = "KIND",
      description = "shapes (generated, needs no download), cifar10, cifar100, idx (MNIST and its kin), or folder.")
  String dataset;

  @Option(names = "--data", paramLabel = "DIR", description = "The folder of the data: the files of CIFAR or IDX, or a"
      + " folder with a folder of images per class.")
  String data;

  @Option(names = "--population", paramLabel = "N", description = "How many individuals live or train at once.")
  String population;

  @Option(names = "--workers", paramLabel = "N",
      description = "How many train at the same time; auto is one per processor.")
  String workers;

  @Option(names = "--steps", paramLabel = "N", description = "Training steps (batches) of an individual.")
  String steps;

  @Option(names = "--batch", paramLabel = "N", description = "Images in a batch.")
  String batch;

  @Option(names = "--seed", paramLabel = "S", description = "What everything random is derived from.")
  String seed;

  @Option(names = "--mutations-per-reproduction", paramLabel = "N", description = "How many mutations make a child.")
  String mutationsPerReproduction;

  @Option(names = "--no-inheritance", description = "Children train from fresh weights (Real17's control).")
  boolean noInheritance;

  @Option(names = "--selection", paramLabel = "HOW",
      description = "tournament: of a random pair the worse dies and the better breeds; random: its control.")
  String selection;

  @Option(names = "--keep", paramLabel = "WHOSE", description = "Whose weights stay: all (every moment can be forked),"
      + " lineage (the living and their ancestors), or alive.")
  String keep;

  @Option(names = "--journal", paramLabel = "KIND", description = "Where a new experiment keeps its events: leveldb, in"
      + " its folder, or postgresql, as cambrian.journal.postgresql names it.")
  String journal;

  @Option(names = "--until", paramLabel = "WHEN", description = "When it ends, at the first of: individuals=N,"
      + "minutes=M,fitness=F,flops=X (any of them, separated by commas).")
  String until;

  @Option(names = "--engine", paramLabel = "NAME",
      description = "What trains: libtorch, dl4j (Deeplearning4j), or surrogate, which trains nothing.")
  String engine;

  @Option(names = "--precision", paramLabel = "HOW", description = "Arithmetic: fp32 or bf16.")
  String precision;

  @Option(names = "--profile", paramLabel = "NAME",
      description = "A set of values from application.conf; paper has Real17's own numbers.")
  String profile;

  @Option(names = "--accept-loss",
      description = "Go on from the last sound event of a journal that has lost some.")
  boolean acceptLoss;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    Map<String, Given> options = options();
    ConfigurationFile file = common.configuration(options);
    Configuration configuration = file.checked();
    return new Evolution(common.session(), file, configuration, ClusterSettings.alone(), common.json(), acceptLoss).run();
  }

  /** What the command line gives, by full key. */
  private Map<String, Given> options() {
    return new GivenOptions()
        .experiment(name)
        .put("cambrian.data.kind", "--dataset", dataset)
        .put("cambrian.data.directory", "--data", data)
        .put("cambrian.evolution.population", "--population", population)
        .put("cambrian.evolution.workers", "--workers", workers)
        .put("cambrian.training.steps", "--steps", steps)
        .put("cambrian.training.batch", "--batch", batch)
        .put("cambrian.evolution.seed", "--seed", seed)
        .put("cambrian.evolution.mutations-per-reproduction", "--mutations-per-reproduction",
            mutationsPerReproduction)
        .put("cambrian.evolution.inheritance", "--no-inheritance", noInheritance ? "false" : null)
        .put("cambrian.evolution.selection", "--selection", selection)
        .put("cambrian.training.engine", "--engine", engine)
        .put("cambrian.training.precision", "--precision",
            precision == null ? null : precision.toLowerCase(Locale.ROOT))
        .put("cambrian.storage.keep", "--keep", keep)
        .put("cambrian.journal.kind", "--journal", journal)
        .put("cambrian.profile", "--profile", profile)
        .until(until)
        .byKey();
  }
}
