package dev.cambrian.training.dl4j;

import dev.cambrian.model.Network;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import dev.cambrian.training.StartingWeights;
import dev.cambrian.training.TrainingFailed;
import dev.cambrian.training.TrainingFailed.Reason;
import dev.cambrian.training.TrainingLog;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains with Deeplearning4j, one thread a training, in single precision. On the CPU the same seed gives the same bits:
 * each training is sequential and shares nothing with others.
 */
public final class Dl4jEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Dl4jEngine.class);

  private final AtomicBoolean described = new AtomicBoolean();
  private final Clock clock;
  private final Duration longest;
  private final GraphCache graphs = new GraphCache();

  /**
   * Loads the library, and tries it.
   *
   * @param clock for the time that a training took
   * @param longest the time after which a training fails as too slow: a guard against a hung device
   * @throws IllegalStateException with one sentence, where the library does not run on this machine
   */
  public Dl4jEngine(Clock clock, Duration longest) {
    this.clock = clock;
    this.longest = longest;
    Dl4jBackend.load();
  }

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public TrainingResult train(
      Network network, Weights inherited, TrainingPlan plan, Split data, ProgressListener listener)
      throws TrainingFailed, InterruptedException {
    if (!precisions().contains(plan.precision())) {
      throw new TrainingFailed(Reason.ENGINE_ERROR,
          "dl4j trains in fp32 only, not in " + plan.precision() + "; set training.precision to fp32");
    }
    try {
      TrainingLog log = new TrainingLog(plan, listener, clock, longest);
      Weights starting = StartingWeights.of(network, inherited, plan.seed());
      return with(network, training -> training.run(starting, plan, data, log));
    } catch (OutOfMemoryError e) {
      throw new TrainingFailed(Reason.OUT_OF_MEMORY, "dl4j had no memory left: " + firstLine(e), e);
    } catch (RuntimeException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof OutOfMemoryError || String.valueOf(cause.getMessage()).matches(
            "(?s).*(Failed to allocate|allocation failed|bad_alloc|[Nn]ot enough memory|out of memory).*")) {
          throw new TrainingFailed(Reason.OUT_OF_MEMORY, "dl4j had no memory left: " + firstLine(cause), e);
        }
      }
      throw new TrainingFailed(Reason.ENGINE_ERROR, "dl4j failed: " + firstLine(e), e);
    }
  }

  @Override
  public ClassScores scores(Network network, Weights weights, Normalization normalization, Images images) {
    try {
      return with(network, training -> training.scores(weights, normalization, images));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException(e.getMessage()).initCause(e);
    } catch (TrainingFailed e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** What is done with a network's graph. */
  private interface Use<R> {
    R of(Dl4jTraining training) throws TrainingFailed, InterruptedException;
  }

  /** Lends a graph; afterwards no native memory is left but the cache's. */
  private <R> R with(Network network, Use<R> use) throws TrainingFailed, InterruptedException {
    if (described.compareAndSet(false, true)) {
      // Not at the start, when an experiment has no log yet.
      LOG.info("{}.", Dl4jBackend.description());
    }
    Dl4jBackend.prepareThread();
    NetworkGraph graph = graphs.take(network);
    boolean sound = false;
    try {
      R result = use.of(new Dl4jTraining(network, graph));
      sound = true;
      return result;
    } catch (TrainingFailed | InterruptedException e) {
      sound = true;
      throw e;
    } finally {
      Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
      if (sound) {
        graphs.give(network, graph);
      } else {
        graph.close();
      }
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  /** Frees the graphs that are kept. */
  @Override
  public void close() {
    graphs.close();
  }
}
