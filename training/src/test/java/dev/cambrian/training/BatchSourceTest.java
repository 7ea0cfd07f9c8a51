package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Batches: every image once an epoch, normalised, cropped and mirrored as Real17 says, by seed. */
class BatchSourceTest {
  private static final int SIDE = 12;

  /** Pixel (y, x) of every image has value y*16+x+1 in its channel 0, so that a crop tells where it was taken. */
  private static Split positions(int count) {
    byte[] pixels = new byte[count * SIDE * SIDE * 3];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) i;
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          pixels[((i * SIDE + y) * SIDE + x) * 3] = (byte) (y * 16 + x + 1);
        }
      }
    }
    Images images = new Images(3, SIDE, SIDE, pixels, labels);
    // Numbers are the bytes themselves.
    float[] unit = {1 / 255f, 1 / 255f, 1 / 255f};
    return new Split(images, images, count, new float[] {0, 0, 0}, unit);
  }

  private static int pixel(FloatBuffer batch, int image, int y, int x) {
    return Math.round(batch.get(((image * SIDE + y) * SIDE + x) * 3));
  }

  @Test
  void cropsAndFlipsAreUniform() {
    Split split = positions(50);
    BatchSource source = BatchSource.shuffled(split, 50, Augmentation.REAL17, 11);
    FloatBuffer images = FloatBuffer.allocate(50 * SIDE * SIDE * 3);
    LongBuffer labels = LongBuffer.allocate(50);
    int[] seen = new int[9 * 9 * 2];
    int batches = 400;
    for (int b = 0; b < batches; b++) {
      assertEquals(50, source.next(images, labels));
      for (int i = 0; i < 50; i++) {
        // The middle always shows the original, wherever the crop lies.
        int here = pixel(images, i, 6, 6) - 1;
        int beside = pixel(images, i, 6, 7) - 1;
        boolean mirrored = beside < here;
        int down = here / 16 - 6;
        int right = here % 16 - (mirrored ? SIDE - 1 - 6 : 6);
        seen[((down + 4) * 9 + right + 4) * 2 + (mirrored ? 1 : 0)]++;
        // A corner that the crop takes from beyond the image is 0.
        if (down < 0) {
          assertEquals(0, pixel(images, i, 0, 6));
        }
      }
    }
    double expected = batches * 50 / 162.0;
    double chiSquare = 0;
    for (int count : seen) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // 161 degrees of freedom: 0.9999 quantile.
    assertTrue(chiSquare < 237, "chi-square " + chiSquare);
  }

  @Test
  void everyImageOnceAnEpoch_alsoAcrossBatches() {
    Split split = positions(30);
    BatchSource source = BatchSource.shuffled(split, 20, Augmentation.NONE, 5);
    FloatBuffer images = FloatBuffer.allocate(20 * SIDE * SIDE * 3);
    LongBuffer labels = LongBuffer.allocate(20);
    int[] seen = new int[30];
    for (int b = 0; b < 3; b++) {
      source.next(images, labels);
      for (int i = 0; i < 20; i++) {
        seen[(int) labels.get(i)]++;
      }
    }
    for (int count : seen) {
      assertEquals(2, count);
    }
  }

  @Test
  void theSeedDecides() {
    Split split = positions(40);
    float[][] batches = new float[3][];
    long[] seeds = {1, 1, 2};
    for (int i = 0; i < 3; i++) {
      FloatBuffer images = FloatBuffer.allocate(40 * SIDE * SIDE * 3);
      BatchSource.shuffled(split, 40, Augmentation.REAL17, seeds[i]).next(images, LongBuffer.allocate(40));
      batches[i] = images.array();
    }
    assertArrayEquals(batches[0], batches[1]);
    assertTrue(!java.util.Arrays.equals(batches[0], batches[2]));
  }

  @Test
  void inOrder_isNormalisedAndEnds() {
    Random random = new Random(1);
    byte[] pixels = new byte[5 * 4 * 2];
    random.nextBytes(pixels);
    Images images = new Images(2, 2, 2, pixels, new byte[] {0, 1, 2, 3, 4});
    float[] mean = {0.4f, 0.6f};
    float[] deviation = {0.2f, 0.3f};
    BatchSource source = BatchSource.inOrder(images, new Normalization(mean, deviation), 3);
    FloatBuffer target = FloatBuffer.allocate(3 * 8);
    LongBuffer labels = LongBuffer.allocate(3);
    assertEquals(3, source.next(target, labels));
    assertEquals(2, source.next(target, labels));
    for (int i = 0; i < 2; i++) {
      assertEquals(3 + i, labels.get(i));
      for (int k = 0; k < 8; k++) {
        int c = k % 2;
        assertEquals(((pixels[(3 + i) * 8 + k] & 0xff) / 255f - mean[c]) / deviation[c], target.get(i * 8 + k), 1e-6);
      }
    }
    assertEquals(0, source.next(target, labels));
  }
}
