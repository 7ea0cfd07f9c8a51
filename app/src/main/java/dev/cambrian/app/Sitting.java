package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.Biography;
import dev.cambrian.actors.CannotStart;
import dev.cambrian.actors.Control;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.actors.Equipment;
import dev.cambrian.actors.EvolutionNode;
import dev.cambrian.actors.NodeSettings;
import dev.cambrian.actors.StateDigest;
import dev.cambrian.actors.Status;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.training.Images;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sitting of an experiment in this process: the node that evolves, and around it the progress on the screen, the
 * answers to other commands, the watch on the disk, and Ctrl-C.
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
    this.control = ControlServer.bind(folder, configuration.http());
    this.node = startNode(settings, equipment);
    this.files = new BestFiles(settings.experiment(), folder, data);
    this.meter = new ProgressMeter(configuration.until());
    this.text = new ProgressText(session.unicode());
    this.panel = new TerminalPanel(session.out());
    this.disk = new DiskSpace(folder, configuration.storage().minFreeMib());
    data.write(folder);
    Live live = new Live(equipment.engine().name());
    control.serve(new Routes(ExperimentRoutes.of(live, live)));
    Runtime.getRuntime().addShutdownHook(interruption);
    boolean drawn = session.terminal() && !json;
    long every = drawn ? REDRAW_MILLIS : configuration.progressInterval().toMillis();
    clockwork.scheduleWithFixedDelay(guarded(this::show), 0, every, TimeUnit.MILLISECONDS);
    clockwork.scheduleWithFixedDelay(guarded(this::watchDisk), DISK_MILLIS, DISK_MILLIS, TimeUnit.MILLISECONDS);
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
      return EvolutionNode.start(settings, equipment);
    } catch (CannotStart | RuntimeException e) {
      control.close();
      throw e;
    }
  }

  /** This experiment, as it answers to other commands. */
  private final class Live implements ExperimentView, Steering {
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
      return Json.status(progress());
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
    public ControlAnswer control(ControlRequest request) throws Exception {
      Control change = PastMoment.complete(request.change(), new ExperimentHome(folder));
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
      control.close();
      (json ? session.err() : session.out()).println("\rStopped " + experiment + where
          + ": the same command goes on from there.");
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
    control.close();
    node.close();
  }
}
