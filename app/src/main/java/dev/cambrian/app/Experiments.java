package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.actors.StateDigest;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.PostgresJournal;
import dev.cambrian.persistence.PostgresSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
/**
 * All experiments: each is a home of its name in one folder, or has its journal in the database that is configured and
 * need not have been on this machine.
 *
 * @param home the folder
 * @param weights where their weights are
 */
record Experiments(Path home, WeightStores weights, Configuration.Journal configured) {

  /** The names of all experiments, in order. */
  List<String> names() throws IOException {
    SortedSet<String> names = new TreeSet<>(homes());
    if (configured.onPostgresql()) {
      names.addAll(PostgresSchema.experiments(configured.postgresql()));
    }
    return List.copyOf(names);
  }

  /** Those on this machine; none where the folder does not exist yet. */
  private List<String> homes() {
    if (!Files.isDirectory(home)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(home)) {
      return folders
          .filter(ExperimentHome::isHome)
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .toList();
    } catch (IOException e) {
      throw UserError.failed("the folder of experiments " + home + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  /**
   * An experiment: the process that evolves it answers, or its journal where none does.
   *
   * @throws UserError where there is none of that name; it lists those that there are
   */
  ExperimentView view(String name) throws Exception {
    Path folder = home.resolve(ConfigurationFile.checkedName("NAME", name));
    if (ControlClient.ask(folder, "/status").isPresent()) {
      return new Live(folder);
    }
    return StoredExperiment.read(journal(name), weights).orElseThrow(() ->
        UserError.failed(name + " has not begun yet; 'cambrian evolve " + name + "' starts it."));
  }

  /**
   * Who changes an experiment: the process that evolves it, or its journal where none does.
   *
   * @throws UserError where there is none of that name; it lists those that there are
   */
  Steering steering(String name) throws IOException {
    Journal journal = journal(name);
    Path folder = journal.home().directory();
    return request -> {
      Optional<ObjectNode> answer = ControlClient.post(folder, "/control", request.json());
      return answer.isPresent()
          ? new ControlAnswer(answer.get().path("event").asLong(), answer.get().path("note").asText(), "")
          : new StoredSteering(journal, weights).control(request);
    };
  }

  /**
   * The history of an experiment as it is on the disk now, whether a process evolves it or not.
   *
   * @throws UserError where there is none of that name, or it has not begun
   */
  RecordedHistory history(String name) throws IOException {
    return RecordedHistory.open(journal(name));
  }

  /** The digest of the population's state in the process that evolves an experiment; empty where none does. */
  Optional<StateDigest> digest(String name) throws Exception {
    return ControlClient.ask(journal(name).home().directory(), "/digest").map(Json::digest);
  }

  /**
   * The journal of an experiment.
   *
   * @throws UserError where there is none of that name; it lists those that there are
   */
  Journal journal(String name) throws IOException {
    ConfigurationFile.checkedName("NAME", name);
    ExperimentHome place = new ExperimentHome(home.resolve(name));
    if (ExperimentHome.isHome(place.directory())) {
      return JournalChoice.of(ExperimentHome.open(place.directory()), configured, Optional.empty());
    }
    if (configured.onPostgresql()) {
      Journal journal = PostgresJournal.of(place, configured.postgresql());
      if (journal.begun()) {
        return journal;
      }
    }
    List<String> names = names();
    String there = names.isEmpty() ? "there are none yet" : "there are " + String.join(", ", names);
    throw UserError.failed("there is no experiment '" + name + "' in " + home + ": " + there + ".");
  }

  /** An experiment that a process evolves. */
  private record Live(Path folder) implements ExperimentView {

    @Override
    public ObjectNode status() throws Exception {
      return ask("/status");
    }

    @Override
    public BestModel best() throws Exception {
      return Json.best(ask("/best"));
    }

    @Override
    public StateDigest digest() throws Exception {
      return Json.digest(ask("/digest"));
    }

    @Override
    public String engine() throws Exception {
      return ask("/engine").path("engine").asText();
    }

    private ObjectNode ask(String path) throws Exception {
      return ControlClient.ask(folder, path).orElseThrow(() ->
          UserError.failed("the process that evolved " + folder.getFileName() + " has just ended; try again."));
    }
  }
}
