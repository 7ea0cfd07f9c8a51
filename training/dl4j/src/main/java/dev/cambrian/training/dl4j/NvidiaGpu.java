package dev.cambrian.training.dl4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A GPU as its driver names it.
 *
 * @param name e.g. {@code "NVIDIA A100-SXM4-40GB"}
 * @param major of its compute capability, e.g. 8
 * @param minor of its compute capability, e.g. 0
 */
record NvidiaGpu(String name, int major, int minor) {
  /** What the library's machine code begins with: Kepler's 3.7. */
  private static final int OLDEST = 37;

  /** The last generation that the library has machine code for: Ampere, and Ada, which runs Ampere's. */
  private static final int NEWEST_MAJOR = 8;

  /** Those of this machine; none where there is no driver. */
  static List<NvidiaGpu> present() {
    try {
      Process process = new ProcessBuilder("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader")
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0 ? parsed(said) : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Of lines such as {@code "NVIDIA H100, 9.0"}. */
  static List<NvidiaGpu> parsed(String lines) {
    List<NvidiaGpu> gpus = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      String[] parts = line.split(",\\s*");
      if (parts.length == 2 && parts[1].trim().matches("\\d+\\.\\d+")) {
        String[] capability = parts[1].trim().split("\\.");
        gpus.add(new NvidiaGpu(parts[0].trim(), Integer.parseInt(capability[0]), Integer.parseInt(capability[1])));
      }
    }
    return gpus;
  }

  /** One sentence on why Deeplearning4j's CUDA build cannot run on these; empty where it can run on each. */
  static Optional<String> refusal(List<NvidiaGpu> gpus) {
    if (gpus.isEmpty()) {
      return Optional.of("Deeplearning4j is here in its CUDA build, but no NVIDIA GPU answers on this machine"
          + " (nvidia-smi); build it without the profile dl4j-cuda, or choose the engine libtorch");
    }
    for (NvidiaGpu gpu : gpus) {
      String capability = gpu.name + " (compute capability " + gpu.major + "." + gpu.minor + ")";
      if (gpu.major > NEWEST_MAJOR) {
        return Optional.of("Deeplearning4j's CUDA build has no machine code for " + capability
            + ", which is newer than it: choose the engine libtorch");
      }
      if (10 * gpu.major + gpu.minor < OLDEST) {
        return Optional.of("Deeplearning4j's CUDA build has no machine code for " + capability
            + ", which is older than 3.7: choose the engine libtorch, or build without the profile dl4j-cuda");
      }
    }
    return Optional.empty();
  }
}
