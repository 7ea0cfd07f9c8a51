package dev.cambrian.training;

import java.util.Arrays;
import java.util.Random;

/** How the images meant for training are split into training and validation images. */
public final class Splits {
  private Splits() {}

  /**
   * Holds out a share of the training images for validation, as nearly as possible the same share of every class, drawn
   * by the seed; the rest, in its order, is trained on. CIFAR-10 at 0.1 gives Real17's 45,000 and 5,000. The test set
   * plays no part.
   *
   * @param validationShare between 0 and 1, neither included; at least one image of each class goes either way
   * @throws BadData where a class has fewer than two images
   */
  public static Split of(Dataset dataset, double validationShare, long seed) throws BadData {
    if (!(validationShare > 0 && validationShare < 1)) {
      throw new IllegalArgumentException("the validation share lies between 0 and 1, not at " + validationShare);
    }
    boolean[] heldOut = holdOut(dataset, validationShare, new Random(seed));
    Images training = dataset.train().select(indicesOf(heldOut, false));
    Images validation = dataset.train().select(indicesOf(heldOut, true));
    float[] mean = new float[training.channels()];
    float[] deviation = new float[training.channels()];
    measure(training, mean, deviation);
    return new Split(training, validation, dataset.classes().size(), mean, deviation);
  }

  private static boolean[] holdOut(Dataset dataset, double share, Random random) throws BadData {
    int[] sizes = new int[dataset.classes().size()];
    Images images = dataset.train();
    for (int i = 0; i < images.count(); i++) {
      sizes[images.label(i)]++;
    }
    for (int c = 0; c < sizes.length; c++) {
      if (sizes[c] < 2) {
        throw new BadData("class '" + dataset.classes().get(c) + "' of " + dataset.name() + " has " + sizes[c]
            + " training image(s), and it takes 2 to split them into training and validation");
      }
    }
    int[] wanted = shares(sizes, share);
    boolean[] heldOut = new boolean[images.count()];
    // Selection sampling: walking through a class, an image is held out with probability (still wanted / still left).
    for (int i = 0; i < heldOut.length; i++) {
      int c = images.label(i);
      if (random.nextInt(sizes[c]) < wanted[c]) {
        heldOut[i] = true;
        wanted[c]--;
      }
      sizes[c]--;
    }
    return heldOut;
  }

  /** How many images of each class are held out: within 1 of its share, and in sum the share of all where possible. */
  static int[] shares(int[] sizes, double share) {
    int[] wanted = new int[sizes.length];
    double owed = 0;
    for (int c = 0; c < sizes.length; c++) {
      // What rounding took from or gave to the classes so far is settled with this one.
      owed += sizes[c] * share;
      int rounded = (int) Math.rint(owed);
      owed -= rounded;
      wanted[c] = Math.max(1, Math.min(sizes[c] - 1, rounded));
    }
    return wanted;
  }

  private static int[] indicesOf(boolean[] values, boolean wanted) {
    int[] indices = new int[values.length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] == wanted) {
        indices[count++] = i;
      }
    }
    return Arrays.copyOf(indices, count);
  }

  private static void measure(Images images, float[] mean, float[] deviation) {
    int channels = images.channels();
    byte[] pixels = images.pixels();
    long[] sum = new long[channels];
    long[] squares = new long[channels];
    for (int i = 0; i < pixels.length; i += channels) {
      for (int c = 0; c < channels; c++) {
        int pixel = pixels[i + c] & 0xff;
        sum[c] += pixel;
        squares[c] += (long) pixel * pixel;
      }
    }
    double count = (double) pixels.length / channels;
    for (int c = 0; c < channels; c++) {
      double average = sum[c] / count;
      double variance = squares[c] / count - average * average;
      mean[c] = (float) (average / 255);
      // A channel without any variation must not divide by 0; one grey level is the least that can be told apart.
      deviation[c] = (float) (Math.sqrt(Math.max(variance, 1)) / 255);
    }
  }
}
