package dev.cambrian.model;

import java.util.List;

/**
 * One variable of a network: an id that stays the same from parent to child through every mutation (Real17, weight
 * inheritance), its shape, and how it starts when nothing is inherited.
 *
 * @param id stable within a lineage, e.g. {@code "e7/filter"}
 * @param shape sizes, outermost first; a convolution's filter is {@code [out, in, kernelHeight, kernelWidth]}, a linear
 *     layer's {@code [out, in]}, a vector {@code [n]}
 * @param initializer how it starts
 * @param trained whether gradients change it; batch-norm averages are carried and inherited but not trained
 * @param decayed whether weight decay applies (Real17: convolution filters only)
 */
public record Variable(String id, List<Integer> shape, Initializer initializer, boolean trained, boolean decayed) {

  public Variable {
    shape = List.copyOf(shape);
  }

  /** The number of values. */
  public long size() {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  /** How a variable starts. */
  public sealed interface Initializer {}

  /** Every value the same. */
  public record Constant(float value) implements Initializer {}

  /** Normal with mean 0 and this standard deviation (He: {@code sqrt(2 / fanIn)}, scaled down for multiple inputs). */
  public record Normal(double standardDeviation) implements Initializer {}
}
