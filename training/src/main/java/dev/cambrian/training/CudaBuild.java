package dev.cambrian.training;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A library's build for NVIDIA GPUs, which holds machine code for some of their generations and nothing for others.
 *
 * @param library its name
 * @param profile Maven's, with which it is built
 * @param oldest compute capability that it has code for, times ten, e.g. 75
 * @param newest likewise
 * @param instead the engine that GPUs of other generations ask for, where there is one
 */
public record CudaBuild(String library, String profile, int oldest, int newest, Optional<String> instead) {

  /** One sentence on why it cannot run on these; empty where it can run on each. */
  public Optional<String> refusal(List<NvidiaGpu> gpus) {
    if (gpus.isEmpty()) {
      return Optional.of(library + " is here in its CUDA build, but no NVIDIA GPU answers on this machine (nvidia-smi);"
          + " build it without the profile " + profile
          + instead.map(engine -> ", or choose the engine " + engine).orElse(""));
    }
    for (NvidiaGpu gpu : gpus) {
      String without = library + "'s CUDA build has no machine code for " + gpu + ", which is ";
      if (gpu.capability() > newest) {
        return Optional.of(without + "newer than it: "
            + instead.map(engine -> "choose the engine " + engine).orElse("build without the profile " + profile));
      }
      if (gpu.capability() < oldest) {
        return Optional.of(without + String.format(Locale.ROOT, "older than %.1f: ", oldest / 10.0)
            + instead.map(engine -> "choose the engine " + engine + ", or ").orElse("")
            + "build without the profile " + profile);
      }
    }
    return Optional.empty();
  }
}
