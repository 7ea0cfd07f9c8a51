package dev.cambrian.training.dl4j;

import dev.cambrian.model.Operation.BatchNorm;
import dev.cambrian.model.Shape;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation. Its memory holds scale, shift, mean and variance, one after another.
 *
 * <p>The library's operations for it take several times as long as a convolution. Here an activation is seen as a matrix
 * with a row for each row of each image; sums over a channel are one product with a row of ones, which the linear algebra
 * library does at the speed of memory, and what remains of them (a number for each column of an image and channel) is
 * added up on the heap, in double precision. Scaling and shifting are by a row that repeats each channel's numbers.
 */
final class BatchNormVertex extends Vertex {
  private static final long serialVersionUID = 1L;

  private final transient BatchNorm norm;
  private final int channels;
  private final int height;
  private final int width;
  private final transient float[] row;
  private final transient INDArray scale;
  private final transient INDArray shift;
  private final transient INDArray mean;
  private final transient INDArray variance;
  /** As many ones as there are rows in a training batch; made with the first. */
  private transient INDArray ones;
  private transient INDArray centred;
  private transient double[] factor;
  private transient double[] inverseDeviation;

  BatchNormVertex(ComputationGraph graph, String name, int index, INDArray parameters, BatchNorm norm, Shape shape) {
    super(graph, name, index, parameters);
    this.norm = norm;
    channels = shape.channels();
    height = shape.height();
    width = shape.width();
    row = new float[width * channels];
    scale = parameter(0, channels);
    shift = parameter(channels, channels);
    mean = parameter(2L * channels, channels);
    variance = parameter(3L * channels, channels);
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray output = activation(memory, input().shape());
    INDArray matrix = matrix(output);
    double[] scales = read(scale);
    factor = new double[channels];
    if (!training) {
      double[] means = read(mean);
      double[] variances = read(variance);
      double[] offset = read(shift);
      for (int c = 0; c < channels; c++) {
        factor[c] = scales[c] / Math.sqrt(variances[c] + norm.epsilon());
        offset[c] -= means[c] * factor[c];
      }
      run("multiply", new INDArray[] {matrix(input()), repeated(factor, memory)}, matrix);
      shift(matrix, offset, memory);
      return output;
    }
    centre(memory);
    double[] variances = statistics(memory);
    inverseDeviation = new double[channels];
    for (int c = 0; c < channels; c++) {
      inverseDeviation[c] = 1 / Math.sqrt(variances[c] + norm.epsilon());
      factor[c] = scales[c] * inverseDeviation[c];
    }
    run("multiply", new INDArray[] {centred, repeated(factor, memory)}, matrix);
    shift(matrix, read(shift), memory);
    return output;
  }

  /** Subtracts the batch's means, and moves their averages. */
  private void centre(LayerWorkspaceMgr memory) {
    INDArray matrix = matrix(input());
    double[] means = sums(matrix, memory);
    double count = count();
    for (int c = 0; c < channels; c++) {
      means[c] /= count;
    }
    centred = activation(memory, matrix.shape());
    run("subtract", new INDArray[] {matrix, repeated(means, memory)}, centred);
    follow(mean, means, 1);
  }

  /** The batch's biased variances; moves their averages, which are of the unbiased ones. */
  private double[] statistics(LayerWorkspaceMgr memory) {
    INDArray squares = working(memory, centred.shape());
    centred.mul(centred, squares);
    double[] variances = sums(squares, memory);
    double count = count();
    for (int c = 0; c < channels; c++) {
      variances[c] /= count;
    }
    follow(variance, variances, count / (count - 1));
    return variances;
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    INDArray outputs = matrix(output);
    INDArray products = working(memory, centred.shape());
    double[] sums = sums(outputs, memory);
    centred.mul(outputs, products);
    double[] weighted = sums(products, memory);
    double[] scales = new double[channels];
    double[] slope = new double[channels];
    double[] offset = new double[channels];
    double count = count();
    for (int c = 0; c < channels; c++) {
      scales[c] = weighted[c] * inverseDeviation[c];
      slope[c] = -factor[c] * inverseDeviation[c] * scales[c] / count;
      offset[c] = -factor[c] * sums[c] / count;
    }
    write(gradient(0, channels), scales);
    write(gradient(channels, channels), sums);
    if (readsImages()) {
      return null;
    }
    INDArray gradient = gradientOf(memory, input());
    INDArray matrix = matrix(gradient);
    run("multiply", new INDArray[] {outputs, repeated(factor, memory)}, matrix);
    run("multiply", new INDArray[] {centred, repeated(slope, memory)}, products);
    matrix.addi(products);
    shift(matrix, offset, memory);
    return gradient;
  }

  @Override
  public void clear() {
    super.clear();
    centred = null;
  }

  @Override
  void free() {
    if (ones != null) {
      ones.close();
      ones = null;
    }
  }

  private double count() {
    return (double) input().size(0) * height * width;
  }

  private INDArray matrix(INDArray activation) {
    return activation.reshape('c', activation.size(0) * height, row.length);
  }

  /** The sum over each channel. */
  private double[] sums(INDArray matrix, LayerWorkspaceMgr memory) {
    if (ones == null || ones.length() != matrix.rows()) {
      free();
      try (var outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        ones = Nd4j.ones(DataType.FLOAT, matrix.rows());
      }
    }
    INDArray sums = working(memory, row.length);
    run("matmul", new INDArray[] {ones, matrix}, sums);
    HostValues.read(sums, row, row.length);
    double[] perChannel = new double[channels];
    for (int i = 0; i < row.length; i += channels) {
      for (int c = 0; c < channels; c++) {
        perChannel[c] += row[i + c];
      }
    }
    return perChannel;
  }

  /** A row of the matrix with each channel's value at each of its places. */
  private INDArray repeated(double[] perChannel, LayerWorkspaceMgr memory) {
    for (int i = 0; i < row.length; i += channels) {
      for (int c = 0; c < channels; c++) {
        row[i + c] = (float) perChannel[c];
      }
    }
    INDArray repeated = working(memory, row.length);
    HostValues.write(repeated, row, row.length);
    return repeated;
  }

  /** In place; of the library's ways to add a row to a matrix the quickest. */
  private void shift(INDArray matrix, double[] perChannel, LayerWorkspaceMgr memory) {
    run("biasadd", new INDArray[] {matrix, repeated(perChannel, memory)}, matrix);
  }

  private void follow(INDArray average, double[] batch, double correction) {
    double[] values = read(average);
    for (int c = 0; c < channels; c++) {
      values[c] = norm.decay() * values[c] + (1 - norm.decay()) * batch[c] * correction;
    }
    write(average, values);
  }

  private double[] read(INDArray vector) {
    HostValues.read(vector, row, channels);
    double[] values = new double[channels];
    for (int c = 0; c < channels; c++) {
      values[c] = row[c];
    }
    return values;
  }

  private void write(INDArray vector, double[] values) {
    for (int c = 0; c < channels; c++) {
      row[c] = (float) values[c];
    }
    HostValues.write(vector, row, channels);
  }
}
