package dev.cambrian.bench;

import dev.cambrian.training.Images;
import dev.cambrian.training.Split;
import java.util.Random;

/** Images without any meaning, 32x32 in colour and of ten classes: speed does not ask what they show. */
final class Noise {
  static final int SIZE = 32;

  private static final int CLASSES = 10;

  private Noise() {}

  /** 5,000 images to train on, and a single one to validate with. */
  static Split split() {
    return new Split(images(5000, 1), images(1, 2), CLASSES,
        new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.25f, 0.25f, 0.25f});
  }

  private static Images images(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * SIZE * SIZE * 3];
    byte[] labels = new byte[count];
    random.nextBytes(pixels);
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(CLASSES);
    }
    return new Images(3, SIZE, SIZE, pixels, labels);
  }
}
