package dev.cambrian.training.dl4j;

import dev.cambrian.training.ClassScores;
import java.nio.LongBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean cross entropy of a batch's class scores after softmax, on the heap: the scores are wanted there anyway, and
 * are few.
 */
final class SoftmaxLoss implements NetworkGraph.Loss {
  private final ClassScores scores;
  private final LongBuffer labels;
  private final INDArray gradient;
  private final float[] gradients;
  private float loss;

  /**
   * @param scores where the latest batch's are left
   * @param labels where the latest batch's are found
   * @param gradient of the scores, {@code [batch, 1, 1, classes]}, which the caller owns
   */
  SoftmaxLoss(ClassScores scores, LongBuffer labels, INDArray gradient) {
    this.scores = scores;
    this.labels = labels;
    this.gradient = gradient;
    gradients = new float[scores.values().length];
  }

  /** The latest batch's. */
  float loss() {
    return loss;
  }

  @Override
  public INDArray gradient(INDArray output) {
    float[] values = scores.values();
    HostValues.read(output, values, values.length);
    int classes = scores.classes();
    int count = values.length / classes;
    double sum = 0;
    for (int image = 0; image < count; image++) {
      int row = image * classes;
      double largest = values[row + scores.predicted(image)];
      double powers = 0;
      for (int c = 0; c < classes; c++) {
        powers += Math.exp(values[row + c] - largest);
      }
      int label = (int) labels.get(image);
      sum += Math.log(powers) + largest - values[row + label];
      for (int c = 0; c < classes; c++) {
        double share = Math.exp(values[row + c] - largest) / powers;
        gradients[row + c] = (float) ((share - (c == label ? 1 : 0)) / count);
      }
    }
    loss = (float) (sum / count);
    HostValues.write(gradient, gradients, gradients.length);
    return gradient;
  }
}
