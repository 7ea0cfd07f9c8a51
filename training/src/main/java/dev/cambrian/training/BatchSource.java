package dev.cambrian.training;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * Where an engine's batches come from: normalised images and their labels, written straight into memory that the caller
 * owns and uses again. Pixels lie as in {@link Images} (channels last) and are {@code (pixel / 255 - mean) / deviation}
 * by channel. One thread at a time.
 */
public interface BatchSource {

  /** The most images that one batch holds. */
  int batch();

  /**
   * Writes the next batch at the start of both buffers, whatever their positions, which stay as they are.
   *
   * @param images room for {@code batch * height * width * channels} values; fastest where it is in native byte order
   * @param labels room for {@code batch} class indices
   * @return how many images were written; 0 where there are no more
   */
  int next(FloatBuffer images, LongBuffer labels);

  /**
   * The training images without end: every image once an epoch, in an order that is new each epoch, each varied at
   * random. A batch may reach over from one epoch into the next, so every batch is full. The seed decides it all.
   */
  static BatchSource shuffled(Split split, int batch, Augmentation augmentation, long seed) {
    return new ShuffledBatches(
        split.training(), new NormalizedPixels(Normalization.of(split)), batch, augmentation, seed);
  }

  /** The images once, in order and unvaried; the last batch may be smaller. */
  static BatchSource inOrder(Images images, float[] mean, float[] standardDeviation, int batch) {
    return new OrderedBatches(images, new NormalizedPixels(new Normalization(mean, standardDeviation)), batch);
  }
}
