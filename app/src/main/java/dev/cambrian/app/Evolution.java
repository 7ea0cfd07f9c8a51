package dev.cambrian.app;

import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.actors.Equipment;
import dev.cambrian.actors.NodeRole;
import dev.cambrian.actors.NodeSettings;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.SettingsDifference;
import dev.cambrian.actors.Until;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.SearchSpace;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.HomeLock;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalRepair;
import dev.cambrian.persistence.JournalVerdict;
import dev.cambrian.training.BadData;
import dev.cambrian.training.Dataset;
import dev.cambrian.training.Datasets;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Engines;
import dev.cambrian.training.Split;
import dev.cambrian.training.Splits;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.WeightStore;
import dev.cambrian.training.WeightsHash;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code evolve} and {@code node} do: from what a person asked for to one sitting of evolution, which {@code
 * evolve} ends with the best model, and a node of a cluster when it is told to leave.
 */
final class Evolution {

  /** Of the images meant for training, how many validate: Real17's 5,000 of CIFAR-10's 50,000. */
  private static final double VALIDATION_SHARE = 0.1;

  private static final long MIB = 1 << 20;

  /** Younger weights may still be on the way into an event. */
  private static final Duration YOUNG = Duration.ofMinutes(2);

  private final Session session;
  private final ConfigurationFile file;
  private final Configuration configuration;
  private final ClusterSettings cluster;
  private final boolean json;
  private final boolean acceptLoss;
  private final Path folder;

  Evolution(Session session, ConfigurationFile file, Configuration configuration, ClusterSettings cluster,
      boolean json, boolean acceptLoss) {
    this.session = session;
    this.file = file;
    this.configuration = configuration;
    this.cluster = cluster;
    this.json = json;
    this.acceptLoss = acceptLoss;
    this.folder = configuration.home().resolve(configuration.experiment());
  }

  /** Evolves until the end that was asked for, or takes part until it is to leave; the exit code. */
  int run() throws Exception {
    ExperimentHome home = new ExperimentHome(folder);
    if (!cluster.has(NodeRole.POPULATION)) {
      return takePart(home);
    }
    home.requireFreeSpace(configuration.storage().minFreeMib() * MIB);
    Journal journal = JournalChoice.of(home, configuration.journal(), journalOption());
    if (ExperimentHome.isHome(folder) || journal.begun()) {
      refuseWhereOwned(home);
      try (Closeable held = journal.hold(cluster.open())) {
        refuseLoss(journal);
        Optional<StoredExperiment> stored = StoredExperiment.read(journal, stores());
        if (stored.isPresent()) {
          return goOn(home, stored.get());
        }
      }
    }
    return begin(journal);
  }

  /** What the nodes of a cluster share is never another place than the one that is configured. */
  private Optional<String> journalOption() {
    String key = "cambrian.journal.kind";
    Optional<String> option = file.optionFor(key);
    return option.isPresent() || !cluster.open() ? option : Optional.of(key);
  }

  /** Starts an experiment; what cannot be used is refused before anything is written. */
  private int begin(Journal journal) throws Exception {
    Dataset dataset = load(configuration.data(), configuration.evolution().seed());
    ExperimentSettings settings = settings(dataset.checksum());
    Split split = split(dataset, settings.data().splitSeed());
    try (Engine engine = open(settings.training()); Closeable held = journal.hold(cluster.open())) {
      return sit(journal.home(), folder, settings, settings, dataset, split, engine);
    }
  }

  /** Without a journal: what the experiment is comes from the configuration alone, and must be what the others have. */
  private int takePart(ExperimentHome home) throws Exception {
    Dataset dataset = load(configuration.data(), configuration.evolution().seed());
    ExperimentSettings settings = settings(dataset.checksum());
    Path kept = cluster.folder().orElseThrow();
    Files.createDirectories(kept);
    try (Engine engine = open(settings.training())) {
      return sit(home, kept, settings, settings, dataset, split(dataset, settings.data().splitSeed()), engine);
    }
  }

  /** A journal that lost acknowledged events is opened only where that loss is accepted. */
  private void refuseLoss(Journal journal) throws IOException {
    JournalVerdict verdict = journal.check();
    if (verdict instanceof JournalVerdict.TornTail torn) {
      session.err().println("cambrian: note: " + torn.note());
    } else if (verdict instanceof JournalVerdict.Lost lost) {
      if (!acceptLoss) {
        throw UserError.failed(lost.sentence());
      }
      JournalRepair.Repaired repaired = JournalRepair.truncate(journal.home(), Instant.now());
      session.err().println("cambrian: " + lost.extent() + " is given up; it goes on from event "
          + repaired.spine().sequence() + ", and the damaged journal is kept in " + repaired.damaged() + ".");
    }
  }

  /** Goes on with an experiment, unless it has reached its end; whose lock the caller holds. */
  private int goOn(ExperimentHome home, StoredExperiment stored) throws Exception {
    ExperimentSettings settings = stored.startedWith();
    refuseOtherSettings(settings);
    if (!cluster.open() && stored.reached(until()) && stored.best().testAccuracy().isPresent()) {
      session.err().println("cambrian: " + configuration.experiment() + " has reached its end already; "
          + "--until with a later one goes on with it.");
      report(stored.best());
      return 0;
    }
    Configuration.Data data = file.optionFor("cambrian.data.directory").isPresent()
        ? configuration.data() : new Configuration.Data(settings.data().dataset(), settings.data().directory());
    Dataset dataset = load(data, settings.seed());
    if (!settings.data().checksum().equals(dataset.checksum())) {
      throw UserError.failed("the data in " + data.directory() + " are not those that " + configuration.experiment()
          + " was started with: their checksum differs; point --data to the same images, or start another experiment.");
    }
    if (stored.population().paused()) {
      session.err().println("cambrian: note: " + configuration.experiment() + " is paused; 'cambrian control "
          + configuration.experiment() + " set paused=false' lets it go on.");
    }
    if (stored.settings().keep().equals("all") && !cluster.open()) {
      deleteLeftovers(home);
    }
    refuseOtherWeights(home, stored.population());
    try (Engine engine = open(settings.training())) {
      return sit(
          home, folder, settings, stored.settings(), dataset, split(dataset, settings.data().splitSeed()), engine);
    }
  }

  /**
   * A store that has nothing of what the living learned is another one than they were stored in, and every child would
   * fail for it. One that does not answer, or is the nodes together, is not asked.
   */
  private void refuseOtherWeights(ExperimentHome home, PopulationState population) throws IOException {
    Set<String> needed = population.neededWeights().collect(Collectors.toSet());
    if (needed.isEmpty() || configuration.weights().store().equals("peers")) {
      return;
    }
    try (WeightStore store = stores().of(home)) {
      for (String weights : needed) {
        if (store.contains(new WeightsHash(weights))) {
          return;
        }
      }
      throw UserError.failed("none of the " + needed.size() + " weights that " + configuration.experiment()
          + " needs to go on is in " + store + "; let cambrian.weights name the store that it was started with.");
    } catch (StoreUnreachable e) {
      // Workers wait for it, and say so.
      return;
    }
  }

  /** Not in a cluster, where another node may be about to tell what it stored; a store that is down keeps them. */
  private void deleteLeftovers(ExperimentHome home) throws IOException {
    int deleted;
    try (WeightStore store = stores().of(home)) {
      deleted = Leftovers.sweep(home, store, YOUNG);
    } catch (StoreUnreachable e) {
      return;
    }
    if (deleted > 0) {
      session.err().println("cambrian: note: " + deleted + (deleted == 1 ? " file" : " files") + " of weights that a "
          + "crash stored, and no event names, " + (deleted == 1 ? "was" : "were") + " deleted.");
    }
  }

  /** @param kept the folder of what this node keeps: the home's, where it hosts the population */
  private int sit(ExperimentHome home, Path kept, ExperimentSettings settings, ExperimentSettings inForce,
      Dataset dataset, Split split, Engine engine)
      throws Exception {
    DataDescription description = DataDescription.of(dataset, split);
    SearchSpace<?> space = new GraphSpace(
        description.image(), description.classes().size(), settings.training().weightDecay());
    NodeSettings node = new NodeSettings(
        configuration.experiment(), settings, kept, workers(engine), until(), cluster);
    ExperimentLog.into(new ExperimentHome(kept).log(), configuration.log());
    introduce(inForce, node.workers(), dataset, split);
    stores().check(configuration.experiment()).ifPresent(session::complain);
    try (WeightStore store = stores().ofNode(configuration.experiment(), home, new ExperimentHome(kept))) {
      Equipment equipment = new Equipment(space, engine, store, split, Clock.systemUTC());
      try (Sitting sitting = Sitting.start(session, configuration, node, equipment, description, json)) {
        if (cluster.open()) {
          sitting.untilItLeaves(dataset::test, this::report);
        } else {
          report(sitting.untilItsEnd(dataset::test));
        }
        return 0;
      }
    }
  }

  private void refuseWhereOwned(ExperimentHome home) throws IOException {
    Optional<Long> holder = HomeLock.holder(home);
    if (holder.isPresent()) {
      throw UserError.failed(configuration.experiment() + " in " + configuration.home()
          + " is being evolved by process " + holder.get() + "; 'cambrian status " + configuration.experiment()
          + "' tells how far it is.");
    }
  }

  /**
   * An experiment keeps the settings that it was started with, and what was changed while it ran: another value than
   * the first one on the command line is refused, one in a file is only told about.
   */
  private void refuseOtherSettings(ExperimentSettings stored) {
    StringBuilder kept = new StringBuilder();
    for (SettingsDifference.Difference difference
        : SettingsDifference.between(stored, settings(stored.data().checksum()))) {
      Optional<String> option = file.optionFor(difference.key());
      if (option.isPresent()) {
        throw UserError.usage(configuration.experiment() + " was started with " + difference.key() + " = "
            + difference.stored() + ", but " + option.get() + " asks for " + difference.asked()
            + ": leave it out to go on, or give the new experiment another NAME.");
      }
      kept.append(kept.length() == 0 ? "" : ", ").append(difference.key().replaceFirst("^cambrian\\.", ""))
          .append(" = ").append(difference.stored());
    }
    if (kept.length() > 0) {
      session.err().println("cambrian: " + configuration.experiment() + " goes on with what it was started with: "
          + kept + ".");
    }
  }

  /** What the configuration asks for, as it would be stored. */
  private ExperimentSettings settings(String checksum) {
    Configuration.Evolution evolution = configuration.evolution();
    Configuration.Training training = configuration.training();
    return new ExperimentSettings(
        evolution.seed(), "graph", evolution.selection(), evolution.population(), evolution.mutation(),
        evolution.inheritance(),
        new ExperimentSettings.Training(
            training.engine(), training.steps(), training.batch(), training.momentum(), training.weightDecay(),
            training.precision(), training.augmentation(), training.maxParameters(), training.maxMemoryMib(),
            training.maxFlops()),
        new ExperimentSettings.Data(
            configuration.data().kind(), configuration.data().directory(), checksum, evolution.seed()),
        configuration.storage().keep());
  }

  private WeightStores stores() {
    return new WeightStores(configuration.weights());
  }

  private Until until() {
    Configuration.Until until = configuration.until();
    return new Until(until.individuals(), until.minutes(), until.fitness(), until.flops());
  }

  private static Dataset load(Configuration.Data data, long seed) {
    try {
      return Datasets.load(data.kind(), data.directory().isEmpty() ? null : Path.of(data.directory()), seed);
    } catch (BadData e) {
      throw UserError.failed(sentence(e.getMessage()), e);
    }
  }

  private static Split split(Dataset dataset, long seed) {
    try {
      return Splits.of(dataset, VALIDATION_SHARE, seed);
    } catch (BadData e) {
      throw UserError.failed(sentence(e.getMessage()), e);
    }
  }

  private Engine open(ExperimentSettings.Training training) {
    // In a cluster nodes may differ in what trains: weights pass from one engine to the other.
    String name = cluster.open()
        ? configuration.cluster().engine().orElse(training.engine()) : training.engine();
    Engine engine;
    try {
      engine = Engines.open(name, Clock.systemUTC(), configuration.training().longest());
    } catch (IllegalStateException e) {
      throw UserError.failed(sentence(e.getMessage()), e);
    }
    List<String> precisions = engine.precisions().stream().map(p -> p.name().toLowerCase(Locale.ROOT)).toList();
    if (!precisions.contains(training.precision())) {
      engine.close();
      throw UserError.usage("the engine " + name + " does not train in " + training.precision()
          + "; choose --precision " + String.join(" or ", precisions) + ", or another engine.");
    }
    return engine;
  }

  /** As many as were asked for; else one a processor, or on each GPU as many as are to share it. */
  private int workers(Engine engine) {
    int fitting = engine.devices().equals(List.of(Engine.CPU))
        ? Runtime.getRuntime().availableProcessors()
        : engine.devices().size() * configuration.training().slotsPerDevice();
    return configuration.evolution().workers().orElse(fitting);
  }

  /** One paragraph on what is about to happen. */
  private void introduce(ExperimentSettings settings, int workers, Dataset dataset, Split split) {
    if (json) {
      return;
    }
    session.out().printf(Locale.ROOT,
        "Evolving %s on %s: %,d training and %,d validation images of %dx%d, %d classes.%n"
            + "Population %,d, %d training at the same time, %,d steps of %d images each%s.%n"
            + "%s%n%n",
        configuration.experiment(), dataset.name(), split.training().count(), split.validation().count(),
        dataset.train().width(), dataset.train().height(), split.classes(), settings.population(),
        workers, settings.training().steps(), settings.training().batch(),
        end().isEmpty() ? "" : ", until " + end(), place());
  }

  private String place() {
    if (!cluster.open()) {
      return "Ctrl-C stops it; the same command goes on.";
    }
    String roles = cluster.roles().stream().sorted().map(NodeRole::word).collect(Collectors.joining(", "));
    return "Node " + cluster.node() + " (" + roles + ") at " + cluster.hostname() + ":" + cluster.port() + (
        cluster.seeds().isEmpty() ? "" : ", joining " + String.join(", ", cluster.seeds()))
        + ". Ctrl-C lets it leave.";
  }

  private String end() {
    Configuration.Until until = configuration.until();
    List<String> ends = new ArrayList<>();
    until.individuals().ifPresent(count -> ends.add(ProgressText.count(count) + " individuals"));
    until.minutes().ifPresent(minutes -> ends.add(ProgressText.duration(60 * minutes) + " of evolution"));
    until.fitness().ifPresent(fitness -> ends.add("fitness " + fitness));
    until.flops().ifPresent(flops -> ends.add(ProgressText.flops(flops) + " FLOPs"));
    return String.join(" or ", ends);
  }

  private void report(BestModel best) {
    session.out().println(json ? Json.line(Json.best(best)) : "\n" + BestCommand.text(best));
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message : message + ".";
  }
}
