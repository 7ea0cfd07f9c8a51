package dev.cambrian.training;

import java.util.Random;

/** Small generated images for tests: noise, over which each class lays its own brightness pattern. */
final class EasyImages {
  static final Normalization NORMALIZATION =
      new Normalization(new float[] {0.5f, 0.45f, 0.4f}, new float[] {0.25f, 0.24f, 0.26f});

  private EasyImages() {}

  static Split split(int training, int validation, int size, int classes, long seed) {
    Random random = new Random(seed);
    return new Split(images(training, size, classes, random), images(validation, size, classes, random), classes,
        NORMALIZATION.mean(), NORMALIZATION.standardDeviation());
  }

  /** Class c is brighter in one channel, in stripes of one of two directions. */
  static Images images(int count, int size, int classes, Random random) {
    byte[] pixels = new byte[count * size * size * 3];
    byte[] labels = new byte[count];
    random.nextBytes(pixels);
    for (int n = 0; n < count; n++) {
      int label = random.nextInt(classes);
      labels[n] = (byte) label;
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          int stripe = label / 3 % 2 == 0 ? y : x;
          int at = ((n * size + y) * size + x) * 3 + label % 3;
          if (stripe / 2 % 2 == 0) {
            pixels[at] = (byte) (192 + (pixels[at] & 63));
          }
        }
      }
    }
    return new Images(3, size, size, pixels, labels);
  }
}
