package dev.cambrian.training.libtorch;

import dev.cambrian.model.Network;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.CudaBuild;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.NvidiaGpu;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * Trains with libtorch: on the processor, one thread a training, so that as many trainings at once as there are cores do
 * not slow each other; or, in its CUDA build, on GPUs. On the processor the same seed gives the same bits: each training
 * is sequential and shares nothing with others.
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

  /** From Turing to Blackwell. */
  private static final CudaBuild CUDA = new CudaBuild("libtorch", "torch-cuda", 75, 121, Optional.empty());

  private final GpuImages gpuImages = new GpuImages();
  private final Clock clock;
  private final Duration longest;
  private final List<String> devices;

  /**
   * Loads the native library.
   *
   * @param clock for the time that a training took
   * @param longest the time after which a training fails as too slow: a guard against a hung device
   * @throws IllegalStateException with one sentence, where the library does not load or finds no GPU that it was built for
   */
  public LibtorchEngine(Clock clock, Duration longest) {
    this.clock = clock;
    this.longest = longest;
    boolean cuda = isCudaBuild();
    if (cuda) {
      // Before its native library is loaded, whose own words for a GPU or a driver that is not there help nobody.
      CUDA.refusal(NvidiaGpu.present()).ifPresent(sentence -> {
        throw new IllegalStateException(sentence);
      });
    }
    try {
      Loader.load(torch.class);
      Loader.load(openblas.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IllegalStateException("libtorch does not load on " + Loader.getPlatform() + ": " + firstLine(e)
          + "; choose another engine or add its native library to the class path", e);
    }
    // OpenBLAS keeps its own threads, which libtorch's setting does not reach.
    openblas.blas_set_num_threads(1);
    devices = cuda ? gpus() : List.of(CPU);
  }

  private static boolean isCudaBuild() {
    return LibtorchEngine.class.getClassLoader().getResource("org/bytedeco/pytorch/" + Loader.getPlatform() + "-gpu/"
        + System.mapLibraryName("torch_cuda")) != null;
  }

  private static List<String> gpus() {
    if (!torch.cuda_is_available()) {
      throw new IllegalStateException("libtorch's CUDA build does not reach this machine's GPU: install a driver for"
          + " CUDA 13, CUDA 13 itself, cuDNN 9 and NCCL 2 where they are missing, or build it without the profile "
          + CUDA.profile());
    }
    // "fp32" promises single precision; libtorch would let convolutions round to 10 bits.
    torch.globalContext().setAllowTF32CuDNN(false);
    torch.globalContext().setAllowTF32CuBLAS(false);
    return IntStream.range(0, torch.cuda_device_count()).mapToObj(gpu -> "cuda:" + gpu).toList();
  }

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public List<String> devices() {
    return devices;
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
      return new LibtorchTraining(network, plan, data, gpuImages, log).run(starting);
    } catch (OutOfMemoryError e) {
      throw new TrainingFailed(Reason.OUT_OF_MEMORY, "the heap had no memory left for the training", e);
    } catch (RuntimeException e) {
      boolean memory =
          String.valueOf(e.getMessage()).matches("(?s).*(can't allocate memory|bad_alloc|bad allocation|out of memory).*");
      throw memory
          ? new TrainingFailed(Reason.OUT_OF_MEMORY, "libtorch had no memory left: " + firstLine(e), e)
          : new TrainingFailed(Reason.ENGINE_ERROR, "libtorch failed: " + firstLine(e), e);
    }
  }

  @Override
  public ClassScores scores(Network network, Weights weights, Normalization normalization, Images images) {
    SINGLE.get();
    try (PointerScope scope = new PointerScope()) {
      LibtorchVariables variables = LibtorchVariables.fixed(network, weights, new LibtorchDevice(devices.get(0)));
      return LibtorchPrediction.scores(
          network, variables, TrainingPlan.Precision.FP32, normalization, images, gpuImages);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException) new CancellationException(e.getMessage()).initCause(e);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }

  /** Nothing to do: trainings free what they use, on a GPU, too, before they return. */
  @Override
  public void close() {}
}
