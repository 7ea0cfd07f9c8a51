package dev.cambrian.training.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvidiaGpuTest {

  @Test
  void parsed_whatTheDriverSays_isOneForEachLine() {
    assertEquals(List.of(new NvidiaGpu("NVIDIA A100-SXM4-40GB", 8, 0), new NvidiaGpu("Tesla K80", 3, 7)),
        NvidiaGpu.parsed("NVIDIA A100-SXM4-40GB, 8.0\nTesla K80, 3.7\n"));
    assertEquals(List.of(), NvidiaGpu.parsed("NVIDIA-SMI has failed because it couldn't communicate with the driver.\n"));
  }

  @ParameterizedTest
  @CsvSource({"Tesla K80, 3.7", "Tesla V100, 7.0", "NVIDIA A10, 8.6", "NVIDIA L4, 8.9"})
  void refusal_generationsWithMachineCode_isNone(String name, String capability) {
    assertEquals(Optional.empty(), NvidiaGpu.refusal(NvidiaGpu.parsed(name + ", " + capability)));
  }

  @ParameterizedTest
  @CsvSource({"Tesla K40, 3.5", "NVIDIA H200, 9.0", "NVIDIA B200, 10.0", "NVIDIA GeForce RTX 5090, 12.0"})
  void refusal_otherGenerations_namesTheGpuAndTheEngineToUse(String name, String capability) {
    String sentence = NvidiaGpu.refusal(NvidiaGpu.parsed("Tesla V100, 7.0\n" + name + ", " + capability)).orElseThrow();
    assertTrue(sentence.contains(name + " (compute capability " + capability + ")"), sentence);
    assertTrue(sentence.contains("choose the engine libtorch"), sentence);
  }

  @Test
  void refusal_noGpu_saysSo() {
    assertTrue(NvidiaGpu.refusal(List.of()).orElseThrow().contains("no NVIDIA GPU"));
  }
}
