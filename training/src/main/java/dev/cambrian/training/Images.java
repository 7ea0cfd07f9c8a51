package dev.cambrian.training;

import java.util.Arrays;

/**
 * Labelled images of one size, as unsigned bytes on the heap: image by image, row by row, pixel by pixel, channels
 * innermost ("channels last"). Never written after construction.
 *
 * @param pixels {@code count * height * width * channels} bytes
 * @param labels one class index per image, 0 to 255 as an unsigned byte
 */
public record Images(int channels, int height, int width, byte[] pixels, byte[] labels) {

  public Images {
    long expected = (long) labels.length * height * width * channels;
    if (pixels.length != expected) {
      throw new IllegalArgumentException(labels.length + " images of " + width + "x" + height + "x" + channels
          + " have " + expected + " bytes, not " + pixels.length);
    }
  }

  /** The number of images. */
  public int count() {
    return labels.length;
  }

  /** The class index of image i. */
  public int label(int i) {
    return labels[i] & 0xff;
  }

  /** The bytes of one image. */
  public int imageSize() {
    return channels * height * width;
  }

  /** The images at these indices, in this order. */
  public Images select(int[] indices) {
    byte[] pixels = new byte[Math.multiplyExact(indices.length, imageSize())];
    byte[] labels = new byte[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(this.pixels, indices[i] * imageSize(), pixels, i * imageSize(), imageSize());
      labels[i] = this.labels[indices[i]];
    }
    return new Images(channels, height, width, pixels, labels);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Images that
        && channels == that.channels
        && height == that.height
        && width == that.width
        && Arrays.equals(pixels, that.pixels)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(pixels) + Arrays.hashCode(labels);
  }
}
