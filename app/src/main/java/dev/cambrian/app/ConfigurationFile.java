package dev.cambrian.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.PostgresServer;
import dev.cambrian.training.Engines;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the configuration comes from, the first that has a key deciding: the command line, the profile, the file given
 * with {@code --config}, the application.conf of the installation, and the one that Cambrian was built with.
 */
final class ConfigurationFile {
  private static final String ROOT = "cambrian";
  private static final String PROFILES = "cambrian.profiles";
  private static final Set<String> NOT_IN_PROFILES = Set.of("cambrian.home", "cambrian.experiment", "cambrian.profile");
  private static final Set<String> ROOTS = Set.of(ROOT);

  /** The longest name of an experiment; it is also a folder's name. */
  private static final int LONGEST_NAME = 64;

  /** A token that is hard to guess and can stand in a header. */
  private static final String TOKEN = "[\\x21-\\x7e]{16,256}";

  private final Config merged;
  private final Config profile;
  private final Map<String, Given> options;
  private final Path install;

  private ConfigurationFile(Config merged, Config profile, Map<String, Given> options, Path install) {
    this.merged = merged;
    this.profile = profile;
    this.options = Map.copyOf(options);
    this.install = install;
  }

  /** One option of the command line: its own name, e.g. {@code --steps}, and its value as it was typed. */
  record Given(String option, String value) {}

  /**
   * Loads all of it.
   *
   * @param install the folder of the installation, whose application.conf may be missing
   * @param file the file of {@code --config}, if one was given
   * @param options what the command line gives, by full key
   * @throws UserError for a file that cannot be read, a key that does not exist, or an unknown profile
   */
  static ConfigurationFile load(Path install, Optional<Path> file, Map<String, Given> options) {
    Config files = ConfigFactory.empty();
    if (file.isPresent()) {
      if (!Files.isRegularFile(file.get())) {
        throw UserError.usage("--config: there is no file " + file.get() + ".");
      }
      files = parsed(file.get());
    }
    Path installed = install.resolve("application.conf");
    if (Files.isRegularFile(installed)) {
      files = files.withFallback(parsed(installed));
    }
    Config overlay = ConfigFactory.empty();
    for (Map.Entry<String, Given> option : options.entrySet()) {
      overlay = overlay.withValue(option.getKey(),
          ConfigValueFactory.fromAnyRef(option.getValue().value(), option.getValue().option()));
    }
    Config withoutProfile = resolved(overlay.withFallback(files).withFallback(builtIn()));
    refuseUnknownKeys(files);
    Config profile = profile(withoutProfile);
    return new ConfigurationFile(
        overlay.withFallback(profile).withFallback(withoutProfile), profile, options, install);
  }

  /** The folder that holds all experiments. */
  Path home() {
    return new CheckedValues(merged).path("cambrian.home", install);
  }

  /** Where weights are. */
  WeightStores weights() {
    return new WeightStores(WeightsConfiguration.read(new CheckedValues(merged), install));
  }

  /** Where new experiments keep their events. */
  Configuration.Journal journal() {
    return journal(new CheckedValues(merged), install);
  }

  /** The option of the command line that decides a key; empty where a file does. */
  Optional<String> optionFor(String key) {
    if (options.containsKey(key)) {
      return Optional.of(options.get(key).option());
    }
    return options.containsKey("cambrian.profile") && profile.hasPath(key)
        ? Optional.of("--profile " + options.get("cambrian.profile").value()) : Optional.empty();
  }

  /**
   * The checked configuration.
   *
   * @throws UserError for a value that is not in its range
   */
  Configuration checked() {
    return read(new CheckedValues(merged), install);
  }

  /** A name of an experiment that can be a folder's name everywhere. */
  static String checkedName(String place, String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || name.length() > LONGEST_NAME) {
      throw UserError.usage(place + " must be letters, digits, '-', '_' and '.', beginning with a letter or a digit, "
          + "at most " + LONGEST_NAME + " of them, not " + (name.isEmpty() ? "empty" : "'" + name + "'") + ".");
    }
    return name;
  }

  private static Configuration read(CheckedValues values, Path install) {
    String kind = values.choice("cambrian.data.kind", "shapes", "cifar10", "cifar100", "idx", "folder");
    String directory = values.words("cambrian.data.directory");
    if (kind.equals("shapes") && !directory.isEmpty()) {
      throw values.wrong("cambrian.data.directory", "empty for the generated data set shapes");
    }
    if (!kind.equals("shapes") && directory.isEmpty()) {
      throw UserError.usage("--dataset " + kind + " needs --data DIR, the folder of its files.");
    }
    String name = values.words("cambrian.experiment");
    values.words("cambrian.profile");
    return new Configuration(
        values.path("cambrian.home", install),
        name.isEmpty() ? kind : checkedName("NAME", name),
        new Configuration.Evolution(
            (int) values.whole("cambrian.evolution.population", ExperimentSettings.POPULATIONS),
            values.wholeOrAuto("cambrian.evolution.workers", 1, 1024),
            values.choice("cambrian.evolution.selection", ExperimentSettings.STRATEGIES),
            mutation(values),
            values.flag("cambrian.evolution.inheritance"),
            values.whole("cambrian.evolution.seed", Long.MIN_VALUE, Long.MAX_VALUE)),
        new Configuration.Training(
            values.choice("cambrian.training.engine", Engines.NAMES.toArray(String[]::new)),
            values.whole("cambrian.training.steps", ExperimentSettings.Training.STEPS),
            (int) values.whole("cambrian.training.batch", ExperimentSettings.Training.BATCHES),
            values.number("cambrian.training.momentum", 0, false, 1),
            values.number("cambrian.training.weight-decay", 0, false, 1),
            values.choice("cambrian.training.precision", "fp32", "bf16"),
            values.flag("cambrian.training.augmentation"),
            (int) values.whole("cambrian.training.slots-per-device", 1, 256),
            values.whole("cambrian.training.limits.parameters", 1, Long.MAX_VALUE),
            values.whole("cambrian.training.limits.memory", 1, Integer.MAX_VALUE),
            values.number("cambrian.training.limits.flops", 0, true, Double.MAX_VALUE),
            Duration.ofMillis((long) (60_000 * values.number("cambrian.training.limits.minutes", 0, true, 1e6)))),
        new Configuration.Data(
            kind, directory.isEmpty() ? "" : values.path("cambrian.data.directory", install).toString()),
        new Configuration.Until(
            values.wholeOrNone("cambrian.until.individuals", 1, 1_000_000_000_000L),
            values.numberAboveOrNone("cambrian.until.minutes", 0, Double.MAX_VALUE),
            values.numberAboveOrNone("cambrian.until.fitness", 0, 1),
            values.numberAboveOrNone("cambrian.until.flops", 0, Double.MAX_VALUE)),
        new Configuration.Storage(
            values.whole("cambrian.storage.min-free", 16, Integer.MAX_VALUE),
            values.choice("cambrian.storage.keep", ExperimentSettings.KEPT)),
        WeightsConfiguration.read(values, install),
        journal(values, install),
        http(values),
        ClusterKeys.read(values, install),
        Duration.ofMillis((long) (1000 * values.number("cambrian.progress.interval", 0, true, 86_400))),
        new Configuration.Log(
            values.choice("cambrian.log.format", "text", "json").equals("json"), values.flag("cambrian.log.console")));
  }

  private static Configuration.Journal journal(CheckedValues values, Path install) {
    String group = "cambrian.journal.postgresql";
    String passwordFile = values.words(group + ".password-file");
    try {
      return new Configuration.Journal(
          values.choice("cambrian.journal.kind", "leveldb", "postgresql"),
          new PostgresServer(values.words(group + ".url"), values.words(group + ".user"),
              passwordFile.isEmpty() ? "" : values.path(group + ".password-file", install).toString(),
              (int) values.whole(group + ".pool", 1, 100)));
    } catch (IllegalArgumentException clause) {
      // The value itself is not shown: it may hold a password.
      throw UserError.usage(values.place(group + ".url") + " " + clause.getMessage() + ".");
    }
  }

  private static MutationSettings mutation(CheckedValues values) {
    int perReproduction =
        (int) values.whole("cambrian.evolution.mutations-per-reproduction", ExperimentSettings.MUTATIONS);
    Map<MutationKind, Double> weights = new EnumMap<>(MutationKind.class);
    for (MutationKind kind : MutationKind.values()) {
      String word = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
      weights.put(kind, values.number(
          "cambrian.evolution.mutation-weights." + word, ExperimentSettings.MUTATION_WEIGHTS));
    }
    if (weights.values().stream().allMatch(weight -> weight == 0)) {
      throw UserError.usage("cambrian.evolution.mutation-weights: at least one mutation must have a weight above 0.");
    }
    return new MutationSettings(perReproduction, weights);
  }

  private static Configuration.Http http(CheckedValues values) {
    String host = values.words("cambrian.http.host");
    int port = (int) values.whole("cambrian.http.port", 0, 65_535);
    String token = values.words("cambrian.http.token");
    if (!token.isEmpty() && !token.matches(TOKEN)) {
      throw UserError.usage(values.place("cambrian.http.token") + " must be at least 16 letters, digits or signs without"
          + " a space, or empty for a random one.");
    }
    if (token.isEmpty() && !loopback(values, host)) {
      throw UserError.usage(values.place("cambrian.http.host") + " is " + host + ", which other machines reach: that "
          + "needs a cambrian.http.token of at least 16 characters, here or in CAMBRIAN_HTTP_TOKEN.");
    }
    return new Configuration.Http(host, port, token);
  }

  private static boolean loopback(CheckedValues values, String host) {
    try {
      if (!host.isBlank()) {
        return InetAddress.getByName(host).isLoopbackAddress();
      }
    } catch (UnknownHostException e) {
      // Falls through to the one complaint.
    }
    throw values.wrong("cambrian.http.host", "a name or an address of this machine");
  }

  private static Config parsed(Path file) {
    try {
      return ConfigFactory.parseFile(file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException.Parse e) {
      String line = e.origin() != null && e.origin().lineNumber() > 0 ? ", line " + e.origin().lineNumber() : "";
      String reason = e.getMessage().replaceFirst("^.*?: \\d+: ", "");
      throw UserError.usage(file + line + ": this is not HOCON: " + reason);
    } catch (ConfigException e) {
      throw UserError.usage(file + " cannot be read: " + e.getMessage());
    }
  }

  private static Config resolved(Config config) {
    try {
      return config.resolve();
    } catch (ConfigException e) {
      throw UserError.usage("application.conf: " + e.getMessage());
    }
  }

  private static Config profile(Config config) {
    CheckedValues values = new CheckedValues(config);
    String name = values.words("cambrian.profile");
    if (name.isEmpty()) {
      return ConfigFactory.empty();
    }
    ConfigObject profiles = config.getObject(PROFILES);
    if (!profiles.containsKey(name)) {
      throw values.wrong("cambrian.profile", "one of " + String.join(", ", new TreeSet<>(profiles.keySet())));
    }
    return config.getConfig(PROFILES + "." + ConfigUtil.quoteString(name)).atPath(ROOT);
  }

  /** Refuses keys of the files that nothing reads. */
  private static void refuseUnknownKeys(Config files) {
    Set<String> known = knownKeys();
    for (Map.Entry<String, ConfigValue> root : files.root().entrySet()) {
      if (!ROOTS.contains(root.getKey())) {
        throw unknown(root.getKey(), root.getValue(), ROOTS);
      }
    }
    if (!files.hasPath(ROOT)) {
      return;
    }
    refuseUnknownKeys("", ROOT, files.getValue(ROOT), known);
  }

  private static void refuseUnknownKeys(String profile, String path, ConfigValue value, Set<String> known) {
    if (known.contains(path) && !(profile.length() > 0 && NOT_IN_PROFILES.contains(path))) {
      return;
    }
    boolean group = known.stream().anyMatch(key -> key.startsWith(path + ".")) || path.equals(ROOT);
    if (!(value instanceof ConfigObject object) || !group) {
      throw unknown(profile + path, value, known);
    }
    object.forEach((word, inner) -> {
      String key = path + "." + word;
      if (!key.equals(PROFILES)) {
        refuseUnknownKeys(profile, key, inner, known);
      } else if (profile.isEmpty() && inner instanceof ConfigObject profiles) {
        profiles.forEach((name, set) -> refuseUnknownKeys("profile " + name + ": ", ROOT, set, known));
      } else {
        throw unknown(key, inner, known);
      }
    });
  }

  /** Every key that exists: those that reading the built-in configuration asks for. */
  static Set<String> knownKeys() {
    CheckedValues values = new CheckedValues(builtIn());
    read(values, Path.of(""));
    return values.keysRead();
  }

  /** The application.conf that Cambrian was built with. */
  static Config builtIn() {
    try (Reader reader = new InputStreamReader(
        ConfigurationFile.class.getResourceAsStream("application.conf"), StandardCharsets.UTF_8)) {
      return ConfigFactory.parseReader(reader).resolve();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UserError unknown(String key, ConfigValue value, Set<String> known) {
    String bare = key.replaceFirst("^profile .*: ", "");
    List<String> candidates = List.copyOf(known);
    String guess = sameLastWord(bare, candidates)
        .or(() -> Spelling.nearest(bare, candidates))
        .map(near -> " Did you mean " + near + "?")
        .orElse("");
    return UserError.usage(CheckedValues.place(key, value.origin()) + " is no key of Cambrian." + guess);
  }

  /** A key of the same last word in another group: the right key in a wrong place. */
  private static Optional<String> sameLastWord(String key, List<String> known) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    List<String> same = known.stream().filter(candidate -> candidate.endsWith("." + last)).toList();
    return same.size() == 1 ? Optional.of(same.get(0)) : Optional.empty();
  }
}
