package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaBuildTest {
  private static final CudaBuild BUILD = new CudaBuild("A library", "its-profile", 37, 89, Optional.of("libtorch"));
  private static final CudaBuild ONLY = new CudaBuild("A library", "its-profile", 75, 121, Optional.empty());

  @ParameterizedTest
  @CsvSource({"Tesla K80, 3.7", "Tesla V100, 7.0", "NVIDIA A10, 8.6", "NVIDIA L4, 8.9"})
  void refusal_generationsWithMachineCode_isNone(String name, String capability) {
    assertEquals(Optional.empty(), BUILD.refusal(NvidiaGpu.parsed(name + ", " + capability)));
  }

  @ParameterizedTest
  @CsvSource({"Tesla K40, 3.5", "NVIDIA H200, 9.0", "NVIDIA B200, 10.0", "NVIDIA GeForce RTX 5090, 12.0"})
  void refusal_otherGenerations_namesTheGpuAndTheEngineToUse(String name, String capability) {
    String sentence = BUILD.refusal(NvidiaGpu.parsed("Tesla V100, 7.0\n" + name + ", " + capability)).orElseThrow();
    assertTrue(sentence.contains(name + " (compute capability " + capability + ")"), sentence);
    assertTrue(sentence.contains("choose the engine libtorch"), sentence);
  }

  @Test
  void refusal_noGpu_saysSo() {
    assertTrue(BUILD.refusal(List.of()).orElseThrow().contains("no NVIDIA GPU"));
  }

  @ParameterizedTest
  @CsvSource({"Tesla V100, 7.0, older than 7.5", "From the future, 13.0, newer than it"})
  void refusal_whereNoOtherEngineFits_isToBuildWithoutCuda(String name, String capability, String why) {
    assertEquals("A library's CUDA build has no machine code for " + name + " (compute capability " + capability
            + "), which is " + why + ": build without the profile its-profile",
        ONLY.refusal(NvidiaGpu.parsed(name + ", " + capability)).orElseThrow());
  }
}
