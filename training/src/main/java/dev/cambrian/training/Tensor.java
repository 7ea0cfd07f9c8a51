package dev.cambrian.training;

import java.util.Arrays;
import java.util.List;

/**
 * The values of one variable on the heap, row-major, single precision. Owned by whoever holds it and never written after
 * construction.
 */
public record Tensor(List<Integer> shape, float[] values) {

  public Tensor {
    shape = List.copyOf(shape);
    long size = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException("a tensor of shape " + shape + " has " + size + " values, not " + values.length);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that && shape.equals(that.shape) && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }
}
