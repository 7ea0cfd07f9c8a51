package dev.cambrian.training.libtorch;

import dev.cambrian.model.Network;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import dev.cambrian.training.StartingWeights;
import dev.cambrian.training.TrainingFailed.Reason;
import dev.cambrian.training.TrainingFailed;
import dev.cambrian.training.TrainingLog;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Trains with libtorch on the CPU, one thread a training: as many trainings at once as there are cores do not slow each
 * other. The same seed gives the same bits: each training is sequential and shares nothing with others.
 */
public final class LibtorchEngine implements Engine {

  static {
    // Before the first native pointer exists: every pointer here has a scope that frees it, so JavaCPP need not track
    // them for the garbage collector (a global lock for each), nor refuse memory by its guess of what the heap may use.
    System.setProperty("org.bytedeco.javacpp.nopointergc", "true");
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
  }

  private static final ThreadLocal<Boolean> SINGLE = ThreadLocal.withInitial(() -> {
    torch.set_num_threads(1);
    return true;
  });

  private final Clock clock;
  private final Duration longest;

  /**
   * Loads the native library.
   *
   * @param clock for the time that a training took
   * @param longest the time after which a training fails as too slow: a guard against a hung device
   * @throws IllegalStateException with one sentence, where the library does not load on this machine
   */
  public LibtorchEngine(Clock clock, Duration longest) {
    this.clock = clock;
    this.longest = longest;
    try {
      Loader.load(torch.class);
      Loader.load(openblas.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IllegalStateException("libtorch does not load on " + Loader.getPlatform()
          + ": " + firstLine(e) + "; choose another engine or add its native library to the class path", e);
    }
    // OpenBLAS keeps its own threads, which libtorch's setting does not reach.
    openblas.blas_set_num_threads(1);
  }

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public Set<TrainingPlan.Precision> precisions() {
    return EnumSet.allOf(TrainingPlan.Precision.class);
  }

  @Override
  public TrainingResult train(
      Network network, Weights inherited, TrainingPlan plan, Split data, ProgressListener listener)
      throws TrainingFailed, InterruptedException {
    SINGLE.get();
    try {
      Weights starting = StartingWeights.of(network, inherited, plan.seed());
      TrainingLog log = new TrainingLog(plan, listener, clock, longest);
      return new LibtorchTraining(network, plan, data, log).run(starting);
    } catch (OutOfMemoryError e) {
      throw new TrainingFailed(Reason.OUT_OF_MEMORY, "the heap had no memory left for the training", e);
    } catch (RuntimeException e) {
      boolean memory =
          String.valueOf(e.getMessage()).matches("(?s).*(can't allocate memory|bad_alloc|bad allocation).*");
      throw memory
          ? new TrainingFailed(Reason.OUT_OF_MEMORY, "libtorch had no memory left: " + firstLine(e), e)
          : new TrainingFailed(Reason.ENGINE_ERROR, "libtorch failed: " + firstLine(e), e);
    }
  }

  @Override
  public int[] predict(Network network, Weights weights, Normalization normalization, Images images) {
    return scores(network, weights, normalization, images).predicted();
  }

  @Override
  public float[][] probabilities(Network network, Weights weights, Normalization normalization, Images images) {
    return scores(network, weights, normalization, images).probabilities();
  }

  private ClassScores scores(Network network, Weights weights, Normalization normalization, Images images) {
    SINGLE.get();
    try (PointerScope scope = new PointerScope()) {
      LibtorchVariables variables = LibtorchVariables.fixed(network, weights);
      return LibtorchPrediction.scores(network, variables, TrainingPlan.Precision.FP32, normalization, images);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException(e.getMessage()).initCause(e);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  /** Nothing to do: trainings free what they use before they return. */
  @Override
  public void close() {}
}
