package dev.cambrian.training;

/**
 * The class scores (logits) of some images, one row after another.
 *
 * @param classes the length of a row
 * @param values {@code images * classes}
 */
public record ClassScores(int classes, float[] values) {

  /** The class of the largest score of a row; the first one among equals. */
  public int predicted(int row) {
    int best = row * classes;
    for (int i = best + 1; i < (row + 1) * classes; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best - row * classes;
  }

  /** The share of images whose predicted class is their label, 0 to 1. */
  public double accuracy(Images images) {
    int right = 0;
    for (int i = 0; i < images.count(); i++) {
      if (predicted(i) == images.label(i)) {
        right++;
      }
    }
    return (double) right / images.count();
  }

  /** The softmax of every row. */
  public float[][] probabilities() {
    float[][] probabilities = new float[values.length / classes][];
    for (int row = 0; row < probabilities.length; row++) {
      probabilities[row] = probabilities(row);
    }
    return probabilities;
  }

  /** The softmax of a row. */
  public float[] probabilities(int row) {
    float largest = values[row * classes + predicted(row)];
    double[] powers = new double[classes];
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      powers[i] = Math.exp(values[row * classes + i] - largest);
      sum += powers[i];
    }
    float[] probabilities = new float[classes];
    for (int i = 0; i < classes; i++) {
      probabilities[i] = (float) (powers[i] / sum);
    }
    return probabilities;
  }
}
