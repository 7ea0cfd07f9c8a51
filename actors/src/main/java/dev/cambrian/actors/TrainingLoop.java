package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.Scheduler;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import dev.cambrian.model.Flops;
import dev.cambrian.model.Limits;
import dev.cambrian.model.Network;
import dev.cambrian.model.NetworkTooLarge;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.training.PatientWeights;
import dev.cambrian.training.TrainingFailed;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import dev.cambrian.training.WeightsHash;
import dev.cambrian.training.WeightsMissing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a device slot's own thread: pull, make the child, train it, keep its weights, tell its biography, report
 * it, and with the answer begin anew. It may block: on tensors, on files, and on answers; no actor runs on it.
 *
 * <p>Everything that can go wrong with a child is a failed child; what goes wrong between the actors is asked again,
 * for every question can be repeated. The loop ends when it is stopped or told to rest, or when the population is
 * finished.
 */
final class TrainingLoop implements Runnable {

  /** What a failed child's biography and the spine call a reason that no engine has. */
  static final String WEIGHTS_LOST = "WEIGHTS_LOST";

  private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);
  private static final int MESSAGE_LENGTH = 500;

  /** Whom it talks to. */
  record Correspondents(
      RecipientRef<PopulationCommand> population,
      LongFunction<RecipientRef<IndividualCommand>> individuals,
      Scheduler scheduler) {}

  private enum Interruption {
    NONE,
    STOPPED,
    ABANDONED,
    TOO_SLOW
  }

  /** The child ends here, without a model. */
  private static final class ChildFailed extends Exception {
    private static final long serialVersionUID = 1L;
    private final String reason;
    private final double flops;

    ChildFailed(String reason, String message, double flops) {
      super(message);
      this.reason = reason;
      this.flops = flops;
    }
  }

  private final String worker;
  private final DevicePool pool;
  private final Correspondents others;
  private final ExperimentSettings settings;
  private final Equipment equipment;
  private final PatientWeights weights;
  private final Conception<?> conception;
  private final PopulationSetup.Timing timing;
  private final Optional<PullReply.Assignment> hung;
  private final Consumer<Boolean> ended;

  private final Object lock = new Object();
  private Thread thread;
  private boolean interruptible;
  private boolean placed;
  private Interruption interruption = Interruption.NONE;
  private volatile boolean resting;
  private Instant interruptedAt = Instant.MAX;
  private Optional<PullReply.Assignment> assignment = Optional.empty();
  private Optional<String> stored = Optional.empty();
  private long step;
  private long images;
  private long trainedMillis;
  private long trainingSince = -1;

  /**
   * A loop that has not begun.
   *
   * @param pool the device that it trains on
   * @param hung what the slot's thread before this one never came back from; it fails first
   * @param ended is told by the thread that it ends, and whether because the population is finished
   */
  TrainingLoop(String worker, DevicePool pool, Correspondents others, ExperimentSettings settings,
      Equipment equipment, PopulationSetup.Timing timing, Optional<PullReply.Assignment> hung,
      Consumer<Boolean> ended) {
    this.worker = worker;
    this.pool = pool;
    this.others = others;
    this.settings = settings;
    this.equipment = equipment;
    this.weights = new PatientWeights(equipment.store(), "worker " + worker);
    this.conception = new Conception<>(equipment.space(), settings);
    this.timing = timing;
    this.hung = hung;
    this.ended = ended;
  }

  /** How far it is; asked from other threads. */
  WorkerProgress progress() {
    synchronized (lock) {
      long now = trainingSince < 0 ? 0 : equipment.clock().millis() - trainingSince;
      return new WorkerProgress(worker, task(), stored, step,
          assignment.map(current -> current.terms().steps()).orElse(0L), images + inFlight(),
          trainedMillis + Math.max(0, now));
    }
  }

  /** Images of the present training. */
  private long inFlight() {
    return assignment.map(current -> step * current.terms().batch()).orElse(0L);
  }

  private Optional<WorkerProgress.Task> task() {
    return assignment.map(current -> new WorkerProgress.Task(current.child(), current.attempt()));
  }

  /** Ends the loop: what is in flight is dropped. */
  void stop() {
    interrupt(Interruption.STOPPED);
  }

  /** Ends the loop once what is in training is reported. */
  void rest() {
    resting = true;
  }

  /** Drops this attempt, if it is what the loop works on. */
  void abandon(WorkerProgress.Task over) {
    synchronized (lock) {
      if (task().equals(Optional.of(over)) && interruption == Interruption.NONE) {
        interrupt(Interruption.ABANDONED);
      }
    }
  }

  /**
   * Interrupts the training that goes on for longer than anything should; it fails.
   *
   * @return the assignment, where the thread does not even end when it is interrupted: it is lost, and the loop with it
   */
  Optional<PullReply.Assignment> guardTime() {
    synchronized (lock) {
      boolean late = trainingSince >= 0
          && equipment.clock().millis() - trainingSince > timing.trainingLimit().toMillis();
      if (late && interruption == Interruption.NONE) {
        interrupt(Interruption.TOO_SLOW);
      }
      boolean lost = interruption == Interruption.TOO_SLOW
          && equipment.clock().instant().isAfter(interruptedAt.plus(timing.retry()));
      if (lost) {
        leavePlace(DevicePool::giveBack);
      }
      return lost ? assignment : Optional.empty();
    }
  }

  private void interrupt(Interruption why) {
    synchronized (lock) {
      interruption = why;
      interruptedAt = equipment.clock().instant();
      if (interruptible) {
        thread.interrupt();
      }
    }
  }

  @Override
  public void run() {
    synchronized (lock) {
      thread = Thread.currentThread();
    }
    boolean finished = false;
    try {
      PullReply next = hung.isPresent() ? settle(hung.get()) : pull();
      while (!resting && !(next instanceof PullReply.Finished)) {
        next = next instanceof PullReply.Assignment assignment ? carryOut(assignment) : waitAndPull(next);
      }
      finished = true;
    } catch (InterruptedException stopped) {
      LOG.debug("worker {} stopped", worker);
    } catch (RuntimeException | Error e) {
      LOG.warn("worker {} ended", worker, e);
    } finally {
      ended.accept(finished);
    }
  }

  private PullReply waitAndPull(PullReply noWork) throws InterruptedException {
    long millis = ((PullReply.NoWork) noWork).retryMillis();
    this.<Void, RuntimeException>interruptibly(() -> {
      Thread.sleep(millis);
      return null;
    });
    return pull();
  }

  private PullReply pull() throws InterruptedException {
    return ask(others.population(), (ActorRef<PullReply> replyTo) -> new PopulationCommand.Pull(worker, replyTo));
  }

  /** Makes and trains the child, and reports it; what was abandoned is not reported. */
  private PullReply carryOut(PullReply.Assignment assignment) throws InterruptedException {
    begin(Optional.of(assignment));
    Biography child;
    try {
      child = trained(assignment);
    } catch (ChildFailed e) {
      child = failed(assignment, e.reason, e.getMessage(), e.flops);
    } catch (InterruptedException e) {
      if (interruption() == Interruption.STOPPED) {
        throw e;
      }
      child = interruption() == Interruption.TOO_SLOW
          ? tooSlow(assignment)
          : Biography.empty(assignment.child());
    } catch (Exception | Error e) {
      LOG.warn("child {} failed on worker {}", assignment.child(), worker, e);
      TrainingFailed.Reason reason =
          e instanceof OutOfMemoryError ? TrainingFailed.Reason.OUT_OF_MEMORY : TrainingFailed.Reason.ENGINE_ERROR;
      child = failed(assignment, reason.name(), String.valueOf(e), 0);
    }
    begin(Optional.empty());
    return report(child);
  }

  private PullReply settle(PullReply.Assignment lost) throws InterruptedException {
    return report(tooSlow(lost));
  }

  private PullReply report(Biography child) throws InterruptedException {
    if (!child.ended()) {
      return pull();
    }
    boolean last = resting;
    return ask(others.population(),
        (ActorRef<PullReply> replyTo) -> new PopulationCommand.Report(worker, child, last, replyTo));
  }

  private Biography trained(PullReply.Assignment assignment) throws ChildFailed, InterruptedException {
    Optional<Biography> parent = assignment.parent().isPresent()
        ? Optional.of(biography(assignment.parent().getAsLong(), IndividualCommand.Get::new))
        : Optional.empty();
    Biography child = conceived(assignment, parent);
    if (assignment.reset() != 0) {
      child = biography(assignment.child(),
          replyTo -> new IndividualCommand.Reset(assignment.attempt(), assignment.reset(), replyTo));
    }
    if (child.ended() || child.attempt() > assignment.attempt()) {
      return child;
    }
    IndividualEvent.Conceived made = child.conceived().orElseThrow();
    Network network = express(made);
    TrainingPlan plan = conception.plan(made, assignment, pool.device());
    int validationImages = equipment.data().validation().count();
    double flops = Flops.ofIndividual(network, plan.steps(), plan.batch(), validationImages);
    ExperimentSettings.Training limits = settings.training();
    Optional<String> exceeded =
        new Limits(limits.maxParameters(), limits.maxMemoryMib(), limits.maxFlops())
            .exceededBy(network, plan.steps(), plan.batch(), validationImages);
    if (exceeded.isPresent()) {
      throw new ChildFailed(TrainingFailed.Reason.TOO_LARGE.name(), exceeded.get(), 0);
    }
    TrainingResult result = train(network, inherited(assignment, made, parent), plan, flops);
    WeightsHash kept = store(result.weights());
    List<IndividualEvent.CurvePoint> curve = result.curve().stream()
        .map(point -> new IndividualEvent.CurvePoint(point.step(), point.loss(), point.accuracy()))
        .toList();
    return biography(assignment.child(), replyTo -> new IndividualCommand.Finish(
        new IndividualEvent.Trained(equipment.clock().instant(), assignment.attempt(), result.validationAccuracy(),
            kept.hex(), flops, curve, result.took().toMillis(), worker),
        replyTo));
  }

  /** The child's biography with a genotype in it; a later attempt finds the one that the first wrote. */
  private Biography conceived(PullReply.Assignment assignment, Optional<Biography> parent)
      throws InterruptedException {
    if (assignment.attempt() > 1) {
      Biography known = biography(assignment.child(), IndividualCommand.Get::new);
      if (known.conceived().isPresent()) {
        return known;
      }
    }
    IndividualEvent.Conceived made = conception.conceive(assignment, parent, equipment.clock().instant());
    return biography(
        assignment.child(), replyTo -> new IndividualCommand.Conceive(assignment.attempt(), made, replyTo));
  }

  private Network express(IndividualEvent.Conceived made) throws ChildFailed {
    try {
      return conception.express(made);
    } catch (NetworkTooLarge e) {
      throw new ChildFailed(TrainingFailed.Reason.TOO_LARGE.name(), e.getMessage(), 0);
    }
  }

  private Weights inherited(
      PullReply.Assignment assignment, IndividualEvent.Conceived made, Optional<Biography> parent)
      throws ChildFailed, InterruptedException {
    if (!made.inherits() || assignment.reset() != 0) {
      return Weights.none();
    }
    Biography from = parent.orElseThrow();
    IndividualEvent.Trained trained = from.trained().orElseThrow(() ->
        new ChildFailed(WEIGHTS_LOST, "the biography of parent " + from.id() + " names no weights", 0));
    try {
      return this.<Weights, WeightsMissing>interruptibly(() -> weights.get(new WeightsHash(trained.weights())));
    } catch (WeightsMissing e) {
      throw new ChildFailed(WEIGHTS_LOST, e.getMessage(), 0);
    }
  }

  /** A training that failed half-way is charged whole, so that the count does not depend on when it was noticed. */
  private TrainingResult train(Network network, Weights inherited, TrainingPlan plan, double flops)
      throws ChildFailed, InterruptedException {
    try {
      TrainingResult result = trainWhereThereIsMemory(network, inherited, plan);
      if (!Double.isFinite(result.validationAccuracy())) {
        throw new ChildFailed(TrainingFailed.Reason.DIVERGED.name(), "the validation accuracy is "
            + result.validationAccuracy(), flops);
      }
      return result;
    } catch (TrainingFailed e) {
      throw new ChildFailed(e.reason().name(), e.getMessage(), flops);
    }
  }

  /** Where a device has no memory left beside other trainings, it holds fewer from then on, and this one begins anew. */
  private TrainingResult trainWhereThereIsMemory(Network network, Weights inherited, TrainingPlan plan)
      throws TrainingFailed, InterruptedException {
    while (true) {
      boolean alone = this.<Boolean, RuntimeException>interruptibly(pool::take);
      synchronized (lock) {
        placed = true;
      }
      try {
        return train(network, inherited, plan);
      } catch (TrainingFailed e) {
        if (alone || e.reason() != TrainingFailed.Reason.OUT_OF_MEMORY) {
          throw e;
        }
        leavePlace(DevicePool::giveUp);
        LOG.warn("device {} has no memory for more than {} trainings at the same time", pool.device(), pool.places());
      } finally {
        leavePlace(DevicePool::giveBack);
      }
    }
  }

  /** Once: where the thread never comes back from a training, another one has done it by then. */
  private void leavePlace(Consumer<DevicePool> how) {
    synchronized (lock) {
      if (placed) {
        placed = false;
        how.accept(pool);
      }
    }
  }

  private TrainingResult train(Network network, Weights inherited, TrainingPlan plan)
      throws TrainingFailed, InterruptedException {
    synchronized (lock) {
      trainingSince = equipment.clock().millis();
    }
    try {
      return this.<TrainingResult, TrainingFailed>interruptibly(() ->
          equipment.engine().train(network, inherited, plan, equipment.data(), (done, loss) -> at(done)));
    } finally {
      synchronized (lock) {
        trainedMillis += equipment.clock().millis() - trainingSince;
        trainingSince = -1;
      }
    }
  }

  /** However long the store is down: what was trained is not trained again. */
  private WeightsHash store(Weights trained) throws InterruptedException {
    CrashPoint.WEIGHTS_WRITING.reached();
    WeightsHash hash = this.<WeightsHash, RuntimeException>interruptibly(() -> weights.put(trained));
    CrashPoint.WEIGHTS_WRITTEN.reached();
    synchronized (lock) {
      stored = Optional.of(hash.hex());
    }
    return hash;
  }

  private Biography tooSlow(PullReply.Assignment assignment) throws InterruptedException {
    return failed(assignment, TrainingFailed.Reason.TOO_SLOW.name(), "training took longer than "
        + timing.trainingLimit().toSeconds() + " s, the limit cambrian.actors.training-limit", 0);
  }

  private Biography failed(PullReply.Assignment assignment, String reason, String message, double flops)
      throws InterruptedException {
    synchronized (lock) {
      if (interruption != Interruption.STOPPED) {
        interruption = Interruption.NONE;
      }
    }
    String sentence = String.valueOf(message);
    String kept = sentence.length() > MESSAGE_LENGTH ? sentence.substring(0, MESSAGE_LENGTH) : sentence;
    return biography(assignment.child(), replyTo -> new IndividualCommand.Fail(
        new IndividualEvent.Failed(
            equipment.clock().instant(), assignment.attempt(), reason, kept, flops, worker),
        replyTo));
  }

  private void begin(Optional<PullReply.Assignment> next) {
    synchronized (lock) {
      images += inFlight();
      step = 0;
      assignment = next;
      stored = Optional.empty();
      if (interruption != Interruption.STOPPED) {
        interruption = Interruption.NONE;
      }
    }
  }

  private void at(long done) {
    synchronized (lock) {
      step = done;
    }
  }

  private Interruption interruption() {
    synchronized (lock) {
      return interruption;
    }
  }

  private Biography biography(long id, Function<ActorRef<Biography>, IndividualCommand> question)
      throws InterruptedException {
    return ask(others.individuals().apply(id), question);
  }

  /** Asks until there is an answer. */
  private <C, R> R ask(RecipientRef<C> whom, Function<ActorRef<R>, C> question) throws InterruptedException {
    while (true) {
      try {
        return this.<R, ExecutionException>interruptibly(() ->
            AskPattern.ask(whom, question, timing.retry(), others.scheduler()).toCompletableFuture().get());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TimeoutException)) {
          throw new IllegalStateException("worker " + worker + " cannot ask", e.getCause());
        }
        LOG.warn("worker {} had no answer within {} ms and asks again", worker, timing.retry().toMillis());
      }
    }
  }

  /** Something that an interrupt may end. */
  @FunctionalInterface
  private interface Action<R, X extends Exception> {
    R run() throws InterruptedException, X;
  }

  /** Runs what an interrupt may end; outside of this the thread is never interrupted. */
  private <R, X extends Exception> R interruptibly(Action<R, X> action) throws InterruptedException, X {
    synchronized (lock) {
      if (interruption != Interruption.NONE) {
        throw new InterruptedException();
      }
      interruptible = true;
    }
    try {
      return action.run();
    } finally {
      synchronized (lock) {
        interruptible = false;
        Thread.interrupted();
      }
    }
  }
}
