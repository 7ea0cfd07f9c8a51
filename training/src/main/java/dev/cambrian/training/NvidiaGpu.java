package dev.cambrian.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A GPU as its driver names it.
 *
 * @param name e.g. {@code "NVIDIA A100-SXM4-40GB"}
 * @param major of its compute capability, e.g. 8
 * @param minor of its compute capability, e.g. 0
 */
public record NvidiaGpu(String name, int major, int minor) {
  /** Those of this machine; none where there is no driver. */
  public static List<NvidiaGpu> present() {
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

  /** Its compute capability times ten, e.g. 86. */
  int capability() {
    return 10 * major + minor;
  }

  @Override
  public String toString() {
    return name + " (compute capability " + major + "." + minor + ")";
  }
}
