package dev.cambrian.app;

import dev.cambrian.app.ConfigurationFile.Given;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian node}: this machine as one of several that evolve together. */
@Command(
    name = "node",
    header = "Joins this machine to a cluster that evolves one experiment together.",
    description = {
      "",
      "The first node, without --join, begins the cluster; every other one joins it, is admitted if it has the same"
          + " version, settings and data, and gives its devices. All read the same application.conf. It runs until it is"
          + " told to leave: with Ctrl-C or SIGTERM, which hand back what it trains, or with 'cambrian cluster drain',"
          + " which lets it finish that first.",
      "",
      "Exit codes: 0 it left, 1 it was refused or cannot go on, 2 it was asked wrongly, 3 it was cut off from the"
          + " cluster and can be started again at once.",
      ""
    },
    optionListHeading = "%nOptions (defaults are those of application.conf):%n",
    sortOptions = false)
final class NodeCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME",
      description = "The experiment's name; without it, that of its data set.")
  String name;

  @Option(names = "--role", paramLabel = "ROLE", description = "What it does; repeat it for several: population (one"
      + " node alone, with LevelDB), worker, web.")
  List<String> roles;

  @Option(names = "--join", paramLabel = "HOST:PORT", description = "A node to join; repeat it for several.")
  List<String> join;

  @Option(names = "--hostname", paramLabel = "HOST", description = "Under which the other nodes reach this one.")
  String hostname;

  @Option(names = "--port", paramLabel = "PORT", description = "The port that the other nodes reach.")
  String port;

  @Option(names = "--name", paramLabel = "NODE", description = "This node's own name; without it, HOST:PORT.")
  String node;

  @Option(names = "--workers", paramLabel = "N",
      description = "How many train on it at the same time; auto is one per processor.")
  String workers;

  @Option(names = "--engine", paramLabel = "NAME",
      description = "What trains on this node, where it is not the experiment's engine: libtorch or dl4j.")
  String engine;

  @Option(names = "--data", paramLabel = "DIR", description = "The folder of the data on this machine.")
  String data;

  @Option(names = "--until", paramLabel = "WHEN", description = "When nothing new is begun; for nodes with the role"
      + " population: individuals=N,minutes=M,fitness=F,flops=X (any of them, separated by commas).")
  String until;

  @Option(names = "--accept-loss",
      description = "Go on from the last sound event of a journal that has lost some.")
  boolean acceptLoss;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    ConfigurationFile file = common.configuration(options());
    Configuration configuration = file.checked();
    return new Evolution(
        common.session(), file, configuration, Place.of(configuration), common.json(), acceptLoss).run();
  }

  private Map<String, Given> options() {
    return new GivenOptions()
        .experiment(name)
        .put("cambrian.cluster.roles", "--role", roles == null ? null : String.join(",", roles))
        .put("cambrian.cluster.seeds", "--join", join == null ? null : String.join(",", join))
        .put("cambrian.cluster.hostname", "--hostname", hostname)
        .put("cambrian.cluster.port", "--port", port)
        .put("cambrian.cluster.node", "--name", node)
        .put("cambrian.evolution.workers", "--workers", workers)
        .put("cambrian.cluster.engine", "--engine", engine)
        .put("cambrian.data.directory", "--data", data)
        .until(until)
        .byKey();
  }
}
