package dev.cambrian.training;

import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * One image of a batch, as it is shown: which one, where it is cut out, and whether it is mirrored left to right after
 * that. What the cut shows beyond the image is 0 after normalisation.
 *
 * @param index of the image among its {@link Images}
 * @param down how many rows further down than the image the cut begins; negative for further up
 * @param right how many columns further right than the image the cut begins; negative for further left
 */
public record VariedImage(int index, int down, int right, boolean mirrored) {

  /**
   * The training images without end: every image once an epoch, in an order that is new each epoch, each varied at
   * random. The seed decides it all, whatever engine asks.
   *
   * @param count of the images
   * @throws IllegalArgumentException where there are none
   */
  public static Iterator<VariedImage> shuffled(int count, Augmentation augmentation, long seed) {
    return new ShuffledImages(count, augmentation, seed);
  }

  /** Each image once, in order and as it is: what validation and test see. */
  public static Iterator<VariedImage> inOrder(int count) {
    return IntStream.range(0, count).mapToObj(index -> new VariedImage(index, 0, 0, false)).iterator();
  }
}
