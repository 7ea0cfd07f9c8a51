package dev.cambrian.model;

import java.util.List;

/** What one node of a {@link Network} computes. The standard layers of the field; every engine knows them all. */
public sealed interface Operation {

  /** The variables that it owns, in a fixed order; empty where it has none. */
  default List<Variable> variables() {
    return List.of();
  }

  /** The images themselves. No inputs; exactly one per network, at index 0. */
  record Input() implements Operation {}

  /**
   * A convolution without bias, padded "same" ({@code kernel / 2} on each side, kernels are odd), so that a side of n
   * becomes {@code ceil(n / stride)}.
   */
  record Convolution(Variable filter, int stride) implements Operation {
    public int inputChannels() {
      return filter.shape().get(1);
    }

    public int kernelHeight() {
      return filter.shape().get(2);
    }

    public int kernelWidth() {
      return filter.shape().get(3);
    }

    @Override
    public List<Variable> variables() {
      return List.of(filter);
    }
  }

  /**
   * Batch normalisation over channels; the moving averages follow {@code average = decay * average + (1 - decay) *
   * batch}, with the biased batch variance for normalising and the unbiased one for the average.
   */
  record BatchNorm(Variable scale, Variable shift, Variable mean, Variable variance, double decay, double epsilon)
      implements Operation {
    @Override
    public List<Variable> variables() {
      return List.of(scale, shift, mean, variance);
    }
  }

  /** {@code max(x, 0)}. */
  record Relu() implements Operation {}

  /** Zeroth-order (nearest) interpolation: output (y, x) is input (y*h/height, x*w/width), floored. */
  record Resize(int height, int width) implements Operation {}

  /** Truncation to, or zero padding up to, a number of channels; the first channels are kept. */
  record FitChannels(int channels) implements Operation {}

  /** The sum of two or more inputs of one shape. */
  record Add() implements Operation {}

  /** The mean over height and width. */
  record GlobalAveragePool() implements Operation {}

  /** A fully connected layer with bias on the flattened input; its output are the class scores (logits). */
  record Linear(Variable weight, Variable bias) implements Operation {
    @Override
    public List<Variable> variables() {
      return List.of(weight, bias);
    }
  }
}
