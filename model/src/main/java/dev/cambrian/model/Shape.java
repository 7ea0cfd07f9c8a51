package dev.cambrian.model;

/**
 * The static shape of one activation: channels, height and width of a single example (the batch is not part of it). A
 * vector is a shape of height and width 1.
 */
public record Shape(int channels, int height, int width) {
  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException("a shape needs positive sizes, not " + channels + "x" + height + "x" + width);
    }
  }

  /** The number of values of one example. */
  public long size() {
    return (long) channels * height * width;
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
