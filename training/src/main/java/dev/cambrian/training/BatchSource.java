package dev.cambrian.training;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Where an engine on the processor gets its batches from: normalised images and their labels, written straight into
 * memory that the caller owns and uses again. Pixels lie as in {@link Images} (channels last) and are {@code (pixel /
 * 255 - mean) / deviation} by channel. One thread at a time.
 */
public final class BatchSource {
  private final Images images;
  private final NormalizedPixels normalized;
  private final int batch;
  private final Iterator<VariedImage> order;
  private final float[] shown;

  /**
   * @param order which images come, and how; each batch is full until it ends
   * @param batch the most images of one, at least 1
   */
  public BatchSource(Images images, Normalization normalization, Iterator<VariedImage> order, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 image, not " + batch);
    }
    this.images = images;
    this.normalized = new NormalizedPixels(normalization);
    this.batch = batch;
    this.order = order;
    shown = new float[images.imageSize()];
  }

  /**
   * The training images, {@linkplain VariedImage#shuffled shuffled} and varied. A batch may reach over from one epoch
   * into the next, so every batch is full.
   */
  public static BatchSource shuffled(Split split, int batch, Augmentation augmentation, long seed) {
    return new BatchSource(split.training(), Normalization.of(split),
        VariedImage.shuffled(split.training().count(), augmentation, seed), batch);
  }

  /** The images once, in order and unvaried; the last batch may be smaller. */
  public static BatchSource inOrder(Images images, Normalization normalization, int batch) {
    return new BatchSource(images, normalization, VariedImage.inOrder(images.count()), batch);
  }

  /** The most images that one batch holds. */
  public int batch() {
    return batch;
  }

  /**
   * Writes the next batch at the start of both buffers, whatever their positions, which stay as they are.
   *
   * @param target room for {@code batch * height * width * channels} values; fastest where it is in native byte order
   * @param labels room for {@code batch} class indices
   * @return how many images were written; 0 where there are no more
   */
  public int next(FloatBuffer target, LongBuffer labels) {
    int count = 0;
    while (count < batch && order.hasNext()) {
      VariedImage image = order.next();
      show(image);
      target.put(count * shown.length, shown);
      labels.put(count, images.label(image.index()));
      count++;
    }
    return count;
  }

  /** Leaves an image, cropped and mirrored, in {@link #shown}. */
  private void show(VariedImage image) {
    int channels = images.channels();
    int width = images.width();
    int height = images.height();
    int down = image.down();
    int right = image.right();
    // The crop at (down, right) shows the columns from..to of the original; what lies outside stays 0.
    int from = Math.max(0, right);
    int to = Math.min(width, width + right);
    if (down != 0 || right != 0) {
      Arrays.fill(shown, 0);
    }
    if (from >= to) {
      return;
    }
    int start = image.index() * images.imageSize();
    for (int row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
      int source = start + ((row + down) * width + from) * channels;
      if (image.mirrored()) {
        int target = (row * width + width - to + right) * channels;
        normalized.copyMirrored(images.pixels(), source, to - from, shown, target);
      } else {
        int target = (row * width + from - right) * channels;
        normalized.copy(images.pixels(), source, to - from, shown, target);
      }
    }
  }
}
