package dev.cambrian.training;

/**
 * How training images vary from epoch to epoch: shifted by up to {@code padding} pixels each way (a border of that
 * width is added on every side and the original size is cut out at a uniformly random place), then mirrored left to
 * right half of the time. The border is 0 after normalisation, which is the mean of the training pixels.
 *
 * @param padding in pixels, 0 for none
 */
public record Augmentation(int padding, boolean mirrored) {

  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(0, false);

  /** Real17, Training: pad 4, random crop, random horizontal flip. */
  public static final Augmentation REAL17 = new Augmentation(4, true);

  public Augmentation {
    if (padding < 0) {
      throw new IllegalArgumentException("padding is at least 0 pixels, not " + padding);
    }
  }
}
