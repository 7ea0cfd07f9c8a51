package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NvidiaGpuTest {

  @Test
  void parsed_whatTheDriverSays_isOneForEachLine() {
    assertEquals(List.of(new NvidiaGpu("NVIDIA A100-SXM4-40GB", 8, 0), new NvidiaGpu("Tesla K80", 3, 7)),
        NvidiaGpu.parsed("NVIDIA A100-SXM4-40GB, 8.0\nTesla K80, 3.7\n"));
    assertEquals(List.of(), NvidiaGpu.parsed("NVIDIA-SMI has failed because it couldn't communicate with the driver.\n"));
  }
}
