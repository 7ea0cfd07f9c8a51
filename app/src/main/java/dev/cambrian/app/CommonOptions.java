package dev.cambrian.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command takes: where experiments are, how to answer, and the configuration that follows from it. */
final class CommonOptions {
  private final Session session;

  CommonOptions(Session session) {
    this.session = session;
  }

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Tell about this command.")
  boolean help;

  @Option(names = "--home", paramLabel = "DIR", description = "The folder that holds all experiments.")
  String home;

  @Option(names = "--config", paramLabel = "FILE",
      description = "A configuration file that goes before the application.conf beside the launcher.")
  String config;

  @Option(names = "--json", description = "Print one JSON object a line on standard output, and nothing else.")
  boolean json;

  @Option(names = "--verbose", description = "Show stack traces of what goes wrong.")
  boolean verbose;

  Session session() {
    return session;
  }

  boolean json() {
    return json;
  }

  /** The configuration with these and further options of the command line, by full key. */
  ConfigurationFile configuration(Map<String, ConfigurationFile.Given> further) {
    Map<String, ConfigurationFile.Given> options = new LinkedHashMap<>(further);
    if (home != null) {
      if (home.isEmpty()) {
        throw UserError.usage("--home must be a folder, not empty.");
      }
      options.put("cambrian.home", new ConfigurationFile.Given("--home", home));
    }
    return ConfigurationFile.load(
        session.install(), Optional.ofNullable(config).map(file -> Path.of(file).toAbsolutePath()), options);
  }

  /** The folder that holds all experiments. */
  Path home() {
    return configuration(Map.of()).home();
  }

  /** All experiments, and where their weights and the journals of new ones are. */
  Experiments experiments() {
    ConfigurationFile file = configuration(Map.of());
    return new Experiments(file.home(), file.weights(), file.journal());
  }
}
