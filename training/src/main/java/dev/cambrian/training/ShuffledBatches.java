package dev.cambrian.training;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Random;

/** Training images without end: every image once an epoch, in a new order each epoch, each varied at random. */
final class ShuffledBatches implements BatchSource {
  private final Images images;
  private final NormalizedPixels normalized;
  private final int batch;
  private final Augmentation augmentation;
  // The algorithm of java.util.Random is part of its contract, so a seed gives the same batches on every platform.
  private final Random random;
  private final int[] order;
  private final float[] image;
  private int position;

  ShuffledBatches(Images images, NormalizedPixels normalized, int batch, Augmentation augmentation, long seed) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 image, not " + batch);
    }
    if (images.count() == 0) {
      throw new IllegalArgumentException("there are no images to train on");
    }
    this.images = images;
    this.normalized = normalized;
    this.batch = batch;
    this.augmentation = augmentation;
    random = new Random(seed);
    order = new int[images.count()];
    Arrays.setAll(order, i -> i);
    position = order.length;
    image = new float[images.imageSize()];
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public int next(FloatBuffer target, LongBuffer labels) {
    for (int i = 0; i < batch; i++) {
      if (position == order.length) {
        shuffle();
        position = 0;
      }
      int index = order[position++];
      vary(index);
      target.put(i * image.length, image);
      labels.put(i, images.label(index));
    }
    return batch;
  }

  private void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** Leaves image {@code index}, cropped and mirrored as chance will have it, in {@link #image}. */
  private void vary(int index) {
    int padding = augmentation.padding();
    int down = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
    int right = padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
    boolean mirrored = augmentation.mirrored() && random.nextBoolean();

    int channels = images.channels();
    int width = images.width();
    int height = images.height();
    // The crop at (down, right) shows the columns from..to of the original; what lies outside stays 0.
    int from = Math.max(0, right);
    int to = Math.min(width, width + right);
    if (down != 0 || right != 0) {
      Arrays.fill(image, 0);
    }
    if (from >= to) {
      return;
    }
    int start = index * images.imageSize();
    for (int row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
      int source = start + ((row + down) * width + from) * channels;
      if (mirrored) {
        int target = (row * width + width - to + right) * channels;
        normalized.copyMirrored(images.pixels(), source, to - from, image, target);
      } else {
        int target = (row * width + from - right) * channels;
        normalized.copy(images.pixels(), source, to - from, image, target);
      }
    }
  }
}
