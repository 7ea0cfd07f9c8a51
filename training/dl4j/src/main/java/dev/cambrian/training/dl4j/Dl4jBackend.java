package dev.cambrian.training.dl4j;

import dev.cambrian.training.CudaBuild;
import dev.cambrian.training.NvidiaGpu;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What the library computes with: loaded, set to one thread a training, and tried, once a process. */
final class Dl4jBackend {

  static {
    // What JavaCPP has to say, e.g. of the versions of its parts, is for the log.
    System.setProperty("org.bytedeco.javacpp.logger", "slf4j");
  }

  /** How many times as fast oneDNN's convolution is as the library's own, at least; it measures 4 to 10. */
  private static final double LEAST_GAIN = 1.7;
  private static final int TRIES = 5;
  /** From Kepler's 3.7 to Ampere, whose code Ada runs, too. */
  static final CudaBuild CUDA = new CudaBuild("Deeplearning4j", "dl4j-cuda", 37, 89, Optional.of("libtorch"));
  private static final String CUDA_RUNTIME = "org.bytedeco.cuda.global.cudart";
  private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";

  private static final ThreadLocal<Boolean> SINGLE = ThreadLocal.withInitial(() -> {
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    return true;
  });

  private static Boolean onCpu;
  private static String description;

  private Dl4jBackend() {}

  /**
   * Loads it.
   *
   * @throws IllegalStateException with one sentence, where it does not run on this machine
   */
  static synchronized void load() {
    if (onCpu != null) {
      return;
    }
    boolean cuda = Dl4jBackend.class.getClassLoader().getResource(CUDA_BACKEND) != null;
    if (cuda) {
      // Before the library looks itself: it would fall back on the processor, or crash, without a word.
      CUDA.refusal(NvidiaGpu.present()).ifPresent(sentence -> {
        throw new IllegalStateException(sentence);
      });
      requireCuda();
    }
    String backend;
    try {
      backend = Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend", "");
    } catch (LinkageError | RuntimeException e) {
      throw new IllegalStateException("Deeplearning4j does not load on " + Loader.getPlatform() + ": "
          + root(e) + "; choose another engine or add its native library to the class path", e);
    }
    boolean cpu = backend.equalsIgnoreCase("CPU");
    if (cuda && cpu) {
      throw cudaMissing(null);
    }
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    if (cpu) {
      Nd4j.getEnvironment().setMaxMasterThreads(1);
      Nd4j.getEnvironment().setMaxThreads(1);
      // The linear algebra library keeps threads of its own.
      Nd4j.factory().blas().setMaxThreads(1);
      onCpu = true;
      SINGLE.get();
      description = String.format(Locale.ROOT,
          "Deeplearning4j on the CPU: oneDNN's convolution is %.1f times as fast as the library's own",
          requireFastConvolution());
    } else {
      description = "Deeplearning4j on CUDA: " + Nd4j.getAffinityManager().getNumberOfDevices() + " GPUs";
    }
    onCpu = cpu;
  }

  /** What the library needs of the machine, loaded before it looks itself: it would print a stack trace. */
  private static void requireCuda() {
    try {
      Class.forName(CUDA_RUNTIME);
    } catch (ClassNotFoundException | LinkageError e) {
      throw cudaMissing(e);
    }
  }

  private static IllegalStateException cudaMissing(Throwable cause) {
    return new IllegalStateException("Deeplearning4j's CUDA build does not reach this machine's GPU: install a driver and"
        + " CUDA 11.6 (and cuDNN 8) where they are missing, or build it without the profile " + CUDA.profile(), cause);
  }

  /** To be called on every thread that trains, before it does. */
  static void prepareThread() {
    if (onCpu) {
      SINGLE.get();
    }
  }

  /** One sentence without its full stop: what it computes with. */
  static synchronized String description() {
    return description;
  }

  /** Whether the library's memory is the process's own. */
  static boolean onCpu() {
    return onCpu;
  }

  /** The same convolution with oneDNN and without it, in processor time: its settings alone do not tell what runs. */
  private static double requireFastConvolution() {
    try (INDArray images = Nd4j.ones(DataType.FLOAT, 8, 16, 16, 32);
        INDArray filter = Nd4j.ones(DataType.FLOAT, 32, 32, 3, 3);
        INDArray output = Nd4j.create(DataType.FLOAT, 8, 16, 16, 32)) {
      double gain = seconds(images, filter, output, false) / seconds(images, filter, output, true);
      if (gain < LEAST_GAIN) {
        throw new IllegalStateException(String.format(Locale.ROOT, "Deeplearning4j runs without oneDNN here (with it a"
            + " convolution is only %.1f times as fast): put its native library of the kind '-onednn' on the class path,"
            + " or choose another engine", gain));
      }
      return gain;
    }
  }

  private static double seconds(INDArray images, INDArray filter, INDArray output, boolean oneDnn) {
    OpContext context = Nd4j.getExecutioner().buildContext();
    context.setIArguments(3, 3, 1, 1, 1, 1, 1, 1, 0, 1, 1);
    context.allowHelpers(oneDnn);
    context.setInputArray(0, images);
    context.setInputArray(1, filter);
    context.setOutputArray(0, output);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TRIES; i++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      Nd4j.getExecutioner().exec(new Conv2D(), context);
      best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    }
    return best / 1e9;
  }

  private static String root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ", "
        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("without a word");
  }
}
