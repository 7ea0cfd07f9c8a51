package dev.cambrian.training;

/**
 * How pixels become numbers: {@code (pixel / 255 - mean) / standardDeviation}, per channel. A trained network only fits
 * images that are normalised as its training images were.
 *
 * @param mean per channel, in 0 to 1
 * @param standardDeviation per channel, in 0 to 1, never 0
 */
public record Normalization(float[] mean, float[] standardDeviation) {

  /** That of a split: its training images' own. */
  public static Normalization of(Split split) {
    return new Normalization(split.mean(), split.standardDeviation());
  }

  /** The number of every pixel value, by channel: {@code [channel][pixel as an unsigned byte]}. */
  public float[][] table() {
    float[][] table = new float[mean.length][256];
    for (int channel = 0; channel < mean.length; channel++) {
      for (int pixel = 0; pixel < 256; pixel++) {
        table[channel][pixel] = (pixel / 255f - mean[channel]) / standardDeviation[channel];
      }
    }
    return table;
  }
}
