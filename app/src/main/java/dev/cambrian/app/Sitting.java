package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.Biography;
import dev.cambrian.actors.CannotStart;
import dev.cambrian.actors.ClusterSettings;
import dev.cambrian.actors.Control;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.actors.CutOff;
import dev.cambrian.actors.Equipment;
import dev.cambrian.actors.EvolutionNode;
import dev.cambrian.actors.NodeReport;
import dev.cambrian.actors.NodeRole;
import dev.cambrian.actors.NodeSettings;
import dev.cambrian.actors.StateDigest;
import dev.cambrian.actors.Status;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.Journal;
import dev.cambrian.training.Images;
import dev.cambrian.training.WeightStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sitting of an experiment in this process: the node that evolves or takes part, and around it the progress on the
 * screen, the answers to other commands, the watch on the disk, and Ctrl-C.
 */
final class Sitting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sitting.class);
  private static final long ANSWER_SECONDS = 30;
  private static final long STOP_SECONDS = 60;
  private static final long REDRAW_MILLIS = 250;
  private static final long DISK_MILLIS = 500;

  private final Session session;
  private final boolean json;
  private final Path folder;
  private final ClusterSettings cluster;
  private final WeightStore store;
  private final EvolutionNode node;
  private final BestFiles files;
  private final ProgressMeter meter;
  private final ProgressText text;
  private final TerminalPanel panel;
  private final DiskSpace disk;
  private final ControlServer control;
  private final ScheduledExecutorService clockwork = Executors.newScheduledThreadPool(2, task -> {
    Thread thread = new Thread(task, "sitting");
    thread.setDaemon(true);
    return thread;
  });
  private final Thread interruption = new Thread(this::interrupted, "interruption");
  private volatile boolean interrupting;
  private boolean pausedForDisk;
  private volatile Optional<Callable<Void>> onFinish = Optional.empty();
  private boolean pausedForJournal;

  private Sitting(
      Session session,
      Configuration configuration,
      NodeSettings settings,
      Equipment equipment,
      DataDescription data,
      boolean json)
      throws IOException, CannotStart {
    this.session = session;
    this.json = json;
    this.folder = settings.home();
    this.cluster = settings.cluster();
    this.store = equipment.store();
    this.control = ControlServer.bind(folder, cluster.has(NodeRole.WEB)
        ? configuration.http() : new Configuration.Http("127.0.0.1", 0, configuration.http().token()));
    this.node = startNode(settings, equipment);
    this.files = new BestFiles(settings.experiment(), folder, equipment.store(), data);
    this.meter = new ProgressMeter(configuration.until());
    this.text = new ProgressText(session.unicode());
    this.panel = new TerminalPanel(session.out());
    this.disk = new DiskSpace(folder, configuration.storage().minFreeMib());
    serve(new Live(equipment.engine().name()), data);
    Runtime.getRuntime().addShutdownHook(interruption);
    boolean drawn = session.terminal() && !json;
    long every = drawn ? REDRAW_MILLIS : configuration.progressInterval().toMillis();
    clockwork.scheduleWithFixedDelay(guarded(this::show), 0, every, TimeUnit.MILLISECONDS);
    if (cluster.has(NodeRole.POPULATION)) {
      clockwork.scheduleWithFixedDelay(
          guarded(this::watchJournal), DISK_MILLIS, DISK_MILLIS, TimeUnit.MILLISECONDS);
      clockwork.scheduleWithFixedDelay(guarded(this::watchDisk), DISK_MILLIS, DISK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Answers other commands: about the cluster everywhere, about the history where it is. */
  private void serve(Live live, DataDescription data) throws IOException {
    List<Route> routes = new ArrayList<>(ClusterRoutes.of(live));
    if (cluster.has(NodeRole.POPULATION)) {
      data.write(folder);
      routes.addAll(ExperimentRoutes.of(live, live));
    } else {
      routes.add(ExperimentRoutes.status(live::status));
    }
    Owner owner = control.serve(new Routes(routes));
    if (cluster.folder().isPresent()) {
      Files.createDirectories(cluster.folder().get());
      owner.write(cluster.folder().get());
    }
  }

  /**
   * Starts to evolve.
   *
   * @throws CannotStart where the experiment cannot be opened
   */
  static Sitting start(
      Session session,
      Configuration configuration,
      NodeSettings settings,
      Equipment equipment,
      DataDescription data,
      boolean json)
      throws IOException, CannotStart {
    return new Sitting(session, configuration, settings, equipment, data, json);
  }

  private EvolutionNode startNode(NodeSettings settings, Equipment equipment) throws CannotStart, IOException {
    try {
      Optional<NodeCertificate> certificate = cluster.tls().map(NodeCertificate::read);
      Runnable shown = () -> certificate.ifPresent(own -> cluster.seeds().forEach(own::show));
      shown.run();
      return EvolutionNode.start(settings, equipment, note -> {
        shown.run();
        session.err().println("cambrian: " + note + "...");
      });
    } catch (CannotStart | RuntimeException e) {
      control.close();
      throw e;
    }
  }

  /** This experiment, as it answers to other commands. */
  private final class Live implements ExperimentView, Steering, ClusterView {
    private final String engine;

    Live(String engine) {
      this.engine = engine;
    }

    @Override
    public Path folder() {
      return folder;
    }

    @Override
    public ObjectNode status() throws Exception {
      return Json.status(progress(), nodes());
    }

    @Override
    public BestModel best() throws Exception {
      return Sitting.this.best();
    }

    @Override
    public StateDigest digest() throws Exception {
      return answer(node.digest(), ANSWER_SECONDS);
    }

    @Override
    public String engine() {
      return engine;
    }

    @Override
    public String metrics() {
      return node.metrics().text();
    }

    @Override
    public List<NodeReport> nodes() throws Exception {
      return answer(node.nodes(), ANSWER_SECONDS);
    }

    @Override
    public void sendAway(String name, boolean drain) throws Exception {
      if (!cluster.open()) {
        throw UserError.failed(folder.getFileName() + " is evolved by one process, which Ctrl-C stops; there is no"
            + " cluster to leave.");
      }
      if (!answer(node.sendAway(name, drain), ANSWER_SECONDS)) {
        String names = nodes().stream().map(NodeReport::node).collect(Collectors.joining(", "));
        throw UserError.failed("no node " + name + " answers; there are " + names + ".");
      }
    }

    @Override
    public ControlAnswer control(ControlRequest request) throws Exception {
      Control change = PastMoment.complete(request.change(), Journal.of(new ExperimentHome(folder)), store);
      ControlAnswer answer = answer(node.control(request.id(), change), ANSWER_SECONDS);
      if (!answer.refusal().isEmpty()) {
        throw UserError.failed(answer.refusal());
      }
      return answer;
    }
  }

  /**
   * Waits for the end, reads the test set for the best model unless that was done before, and writes its files.
   *
   * @param test the test set
   * @throws UserError where evolution cannot go on, or nobody could be trained
   */
  BestModel untilItsEnd(Supplier<Images> test) throws Exception {
    Status last = end();
    clockwork.shutdownNow();
    clockwork.awaitTermination(ANSWER_SECONDS, TimeUnit.SECONDS);
    show();
    if (last.best().isEmpty()) {
      throw UserError.failed("nobody could be trained: all " + last.failed() + " individuals failed; "
          + new ExperimentHome(folder).log() + " says why.");
    }
    answer(node.readTest(last.best().get(), test), ANSWER_SECONDS * 20);
    return best();
  }

  /**
   * Waits until the node is told to leave and has left. Meanwhile, when the end is reached, the node that hosts the
   * population tells the best model.
   *
   * @param test the test set
   * @throws CutOff where the cluster gave the node up
   * @throws UserError where it cannot go on
   */
  void untilItLeaves(Supplier<Images> test, Consumer<BestModel> report) throws InterruptedException, CutOff {
    onFinish = Optional.of(() -> {
      Status last = answer(node.status(), ANSWER_SECONDS);
      if (last.best().isPresent()) {
        answer(node.readTest(last.best().get(), test), ANSWER_SECONDS * 20);
        report.accept(best());
      }
      return null;
    });
    try {
      node.ended().toCompletableFuture().get();
      clockwork.shutdownNow();
      say("Node " + cluster.node() + " has left.");
    } catch (ExecutionException e) {
      waitWhileInterrupted();
      if (e.getCause() instanceof CutOff cutOff) {
        throw cutOff;
      }
      LOG.error("the node cannot go on", e.getCause());
      throw UserError.failed(sentence(e.getCause()), e.getCause());
    }
  }

  private Status end() throws InterruptedException {
    try {
      return node.finished().toCompletableFuture().get();
    } catch (ExecutionException e) {
      waitWhileInterrupted();
      LOG.error("evolution cannot go on", e.getCause());
      throw UserError.failed(sentence(e.getCause()), e.getCause());
    }
  }

  /** The best model as it is now, its files written. */
  private synchronized BestModel best() throws Exception {
    Status status = answer(node.status(), ANSWER_SECONDS);
    if (status.best().isEmpty()) {
      throw UserError.failed("nobody of " + status.experiment() + " was trained yet.");
    }
    Status.Best best = status.best().get();
    Biography biography = answer(node.individual(best.id()), ANSWER_SECONDS);
    OptionalDouble test = answer(node.testAccuracy(best.id()), ANSWER_SECONDS);
    return files.write(best.id(), biography.conceived().orElseThrow(),
        biography.training(best.weights()).orElseThrow(), test);
  }

  private Progress progress() throws Exception {
    return meter.progress(answer(node.status(), ANSWER_SECONDS));
  }

  /** Shows how far it is: drawn in place, as one more line, or as one more object. */
  private void show() throws Exception {
    Progress progress = progress();
    if (json) {
      session.out().println(Json.line(Json.progress(progress)));
    } else if (session.terminal()) {
      panel.draw(text.panel(progress, meter.curve()));
    } else {
      session.out().println(text.line(progress));
    }
    if (progress.state().equals("finished") && onFinish.isPresent() && node.hostsPopulation()) {
      onFinish.get().call();
      onFinish = Optional.empty();
    }
  }

  private void watchDisk() throws Exception {
    if (!pausedForDisk && disk.scarce()) {
      pausedForDisk = true;
      answer(node.pause(), ANSWER_SECONDS);
      say("Paused: the disk of " + folder + " has " + disk.freeMib() + " MiB left, and cambrian.storage.min-free keeps "
          + disk.minFreeMib() + " MiB free. It goes on when there is room again.");
    } else if (pausedForDisk && disk.enough()) {
      pausedForDisk = false;
      answer(node.unpause(), ANSWER_SECONDS);
      say("There is room on the disk again: it goes on.");
    }
  }

  /** The population pauses by itself while its journal takes no events; a person is told. */
  private void watchJournal() {
    Optional<String> outage = node.outage();
    if (!pausedForJournal && outage.isPresent()) {
      pausedForJournal = true;
      say("Paused: the journal takes no events: " + outage.get() + ". Nothing that was acknowledged is lost; it goes on"
          + " when the journal does.");
    } else if (pausedForJournal && outage.isEmpty()) {
      pausedForJournal = false;
      say("The journal takes events again: it goes on.");
    }
  }

  private void say(String message) {
    LOG.info(message);
    if (json) {
      session.err().println("cambrian: " + message);
    } else if (session.terminal()) {
      panel.say(message);
    } else {
      session.out().println(message);
    }
  }

  /** Ctrl-C, or another request to end: stops cleanly. Runs while the process goes down. */
  private void interrupted() {
    interrupting = true;
    clockwork.shutdownNow();
    String experiment = folder.getFileName().toString();
    String where = "";
    try {
      Status last = node.status().toCompletableFuture().get(2, TimeUnit.SECONDS);
      where = " at event " + last.event();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      LOG.warn("the population does not answer while it is stopped", e);
    }
    try {
      node.stop().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
      closeControl();
      (json ? session.err() : session.out()).println(cluster.open()
          ? "\rNode " + cluster.node() + " has left."
          : "\rStopped " + experiment + where + ": the same command goes on from there.");
      if (cluster.open()) {
        // It did what it was asked to: a supervisor that sent SIGTERM is not to see a failure.
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException | IOException e) {
      LOG.error("cannot stop cleanly", e);
      session.complain(experiment + " did not stop cleanly; nothing that was acknowledged is lost, and the same "
          + "command goes on.");
    }
  }

  /** The process is about to go: whoever gets here because of that says nothing more. */
  private void waitWhileInterrupted() throws InterruptedException {
    if (interrupting) {
      interruption.join();
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private Runnable guarded(Task task) {
    return () -> {
      try {
        task.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        // A population that is busy or stops answers late; the next time it is asked again.
        LOG.warn("no progress to show", e);
      }
    };
  }

  private interface Task {
    void run() throws Exception;
  }

  private static <T> T answer(CompletionStage<T> asked, long seconds) throws Exception {
    try {
      return asked.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static String sentence(Throwable cause) {
    String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return message.endsWith(".") ? message : message + ".";
  }

  @Override
  public void close() throws IOException, InterruptedException {
    waitWhileInterrupted();
    Runtime.getRuntime().removeShutdownHook(interruption);
    clockwork.shutdownNow();
    closeControl();
    node.close();
  }

  private void closeControl() throws IOException {
    if (cluster.folder().isPresent()) {
      Owner.remove(cluster.folder().get());
    }
    control.close();
  }
}
