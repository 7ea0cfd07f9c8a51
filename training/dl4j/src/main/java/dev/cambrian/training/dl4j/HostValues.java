package dev.cambrian.training.dl4j;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies between arrays of the library and the heap. Where the library's memory is the process's own, that is one copy;
 * elsewhere it goes through the library.
 */
final class HostValues {

  private HostValues() {}

  /** The first values of an array whose memory is contiguous. */
  static void read(INDArray array, float[] values, int count) {
    if (Dl4jBackend.onCpu()) {
      pointer(array).get(values, 0, count);
    } else {
      System.arraycopy(array.toFloatVector(), 0, values, 0, count);
    }
  }

  /** Overwrites an array whose memory is contiguous. */
  static void write(INDArray array, float[] values, int count) {
    if (Dl4jBackend.onCpu()) {
      pointer(array).put(values, 0, count);
    } else {
      try (INDArray copy = Nd4j.createFromArray(java.util.Arrays.copyOf(values, count))) {
        array.assign(copy.reshape(array.shape()));
      }
    }
  }

  private static FloatPointer pointer(INDArray array) {
    return new FloatPointer(array.data().addressPointer());
  }
}
