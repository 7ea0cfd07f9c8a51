package dev.cambrian.training;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Random;

/** Training images without end: every image once an epoch, in a new order each epoch, each varied at random. */
final class ShuffledImages implements Iterator<VariedImage> {
  private final Augmentation augmentation;
  // The algorithm of java.util.Random is part of its contract, so a seed gives the same batches on every platform.
  private final Random random;
  private final int[] order;
  private int position;

  ShuffledImages(int count, Augmentation augmentation, long seed) {
    if (count == 0) {
      throw new IllegalArgumentException("there are no images to train on");
    }
    this.augmentation = augmentation;
    random = new Random(seed);
    order = new int[count];
    Arrays.setAll(order, i -> i);
    position = count;
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public VariedImage next() {
    if (position == order.length) {
      shuffle();
      position = 0;
    }
    int index = order[position++];
    int down = shift();
    int right = shift();
    return new VariedImage(index, down, right, augmentation.mirrored() && random.nextBoolean());
  }

  private int shift() {
    int padding = augmentation.padding();
    return padding == 0 ? 0 : random.nextInt(2 * padding + 1) - padding;
  }

  private void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
