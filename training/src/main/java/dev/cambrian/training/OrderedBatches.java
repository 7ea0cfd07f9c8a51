package dev.cambrian.training;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** The images once, in order and unvaried: what validation and test see. */
final class OrderedBatches implements BatchSource {
  private final Images images;
  private final NormalizedPixels normalized;
  private final int batch;
  private final float[] image;
  private int position;

  OrderedBatches(Images images, NormalizedPixels normalized, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has at least 1 image, not " + batch);
    }
    this.images = images;
    this.normalized = normalized;
    this.batch = batch;
    image = new float[images.imageSize()];
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public int next(FloatBuffer target, LongBuffer labels) {
    int count = Math.min(batch, images.count() - position);
    for (int i = 0; i < count; i++) {
      int size = images.imageSize();
      normalized.copy(images.pixels(), position * size, size / images.channels(), image, 0);
      target.put(i * size, image);
      labels.put(i, images.label(position));
      position++;
    }
    return count;
  }
}
