package dev.cambrian.training;

import dev.cambrian.model.Network;
import dev.cambrian.model.Operation;
import dev.cambrian.model.Shape;
import dev.cambrian.model.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What every operation means, written as plainly as possible, in double precision: {@code [image][c][y][x]}. */
final class NaiveNetwork {
  private final Network network;
  private final Map<String, double[]> values = new HashMap<>();
  /** Of the latest call of {@link #scores}, by id: the batch's means and unbiased variances. */
  final Map<String, double[]> batchStatistics = new HashMap<>();

  NaiveNetwork(Network network, Weights weights) {
    this.network = network;
    weights.tensors().forEach((id, tensor) -> {
      double[] copy = new double[tensor.values().length];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = tensor.values()[i];
      }
      values.put(id, copy);
    });
  }

  double[] values(String id) {
    return values.get(id);
  }

  /** {@code [image][class]}. */
  double[][] scores(Images images, Normalization normalization, boolean training) {
    List<double[][][][]> activations = new ArrayList<>();
    for (Network.Node node : network.nodes()) {
      List<double[][][][]> in = node.inputs().stream().map(activations::get).toList();
      activations.add(node.operation() instanceof Operation.Input
          ? input(images, normalization)
          : output(node.operation(), node.shape(), in, training));
    }
    double[][][][] last = activations.get(activations.size() - 1);
    double[][] scores = new double[last.length][network.classes()];
    for (int n = 0; n < last.length; n++) {
      for (int c = 0; c < network.classes(); c++) {
        scores[n][c] = last[n][c][0][0];
      }
    }
    return scores;
  }

  double meanLoss(Images images, Normalization normalization) {
    double[][] scores = scores(images, normalization, true);
    double sum = 0;
    for (int n = 0; n < scores.length; n++) {
      sum -= Math.log(softmax(scores[n])[images.label(n)]);
    }
    return sum / scores.length;
  }

  static double[] softmax(double[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    double[] result = new double[scores.length];
    for (int c = 0; c < scores.length; c++) {
      result[c] = Math.exp(scores[c] - largest);
      sum += result[c];
    }
    for (int c = 0; c < scores.length; c++) {
      result[c] /= sum;
    }
    return result;
  }

  private static double[][][][] input(Images images, Normalization normalization) {
    double[][][][] out = zeros(images.count(), new Shape(images.channels(), images.height(), images.width()));
    int i = 0;
    for (double[][][] image : out) {
      for (int y = 0; y < images.height(); y++) {
        for (int x = 0; x < images.width(); x++) {
          for (int c = 0; c < images.channels(); c++) {
            image[c][y][x] = ((images.pixels()[i++] & 0xff) / 255.0 - normalization.mean()[c])
                / normalization.standardDeviation()[c];
          }
        }
      }
    }
    return out;
  }

  private double[][][][] output(Operation operation, Shape shape, List<double[][][][]> in, boolean training) {
    double[][][][] a = in.get(0);
    double[][][][] out = zeros(a.length, shape);
    if (training && operation instanceof Operation.BatchNorm norm) {
      statistics(norm, a);
    }
    for (int n = 0; n < a.length; n++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (int y = 0; y < shape.height(); y++) {
          for (int x = 0; x < shape.width(); x++) {
            out[n][c][y][x] = value(operation, shape, in, training, n, c, y, x);
          }
        }
      }
    }
    return out;
  }

  private double value(Operation operation, Shape shape, List<double[][][][]> in, boolean training, int n, int c, int y,
      int x) {
    double[][][] a = in.get(0)[n];
    if (operation instanceof Operation.Convolution convolution) {
      return convolved(convolution, a, c, y, x);
    } else if (operation instanceof Operation.BatchNorm norm) {
      double mean = (training ? batchStatistics : values).get(norm.mean().id())[c];
      double variance = (training ? batchStatistics : values).get(norm.variance().id())[c];
      if (training) {
        double count = (double) in.get(0).length * a[c].length * a[c][0].length;
        variance *= (count - 1) / count;
      }
      return (a[c][y][x] - mean) / Math.sqrt(variance + norm.epsilon()) * values.get(norm.scale().id())[c]
          + values.get(norm.shift().id())[c];
    } else if (operation instanceof Operation.Relu) {
      return Math.max(0, a[c][y][x]);
    } else if (operation instanceof Operation.Resize) {
      return a[c][y * a[c].length / shape.height()][x * a[c][0].length / shape.width()];
    } else if (operation instanceof Operation.FitChannels) {
      return c < a.length ? a[c][y][x] : 0;
    } else if (operation instanceof Operation.Add) {
      return in.stream().mapToDouble(each -> each[n][c][y][x]).sum();
    } else if (operation instanceof Operation.GlobalAveragePool) {
      double sum = 0;
      for (double[] row : a[c]) {
        for (double value : row) {
          sum += value;
        }
      }
      return sum / (a[c].length * a[c][0].length);
    } else if (operation instanceof Operation.Linear linear) {
      double sum = values.get(linear.bias().id())[c];
      int i = c * linear.weight().shape().get(1);
      for (double[][] channel : a) {
        for (double[] row : channel) {
          for (double value : row) {
            sum += value * values.get(linear.weight().id())[i++];
          }
        }
      }
      return sum;
    }
    throw new AssertionError("no meaning for " + operation);
  }

  private double convolved(Operation.Convolution convolution, double[][][] a, int c, int y, int x) {
    double[] filter = values.get(convolution.filter().id());
    double sum = 0;
    int i = c * convolution.inputChannels() * convolution.kernelHeight() * convolution.kernelWidth();
    for (double[][] channel : a) {
      for (int dy = 0; dy < convolution.kernelHeight(); dy++) {
        for (int dx = 0; dx < convolution.kernelWidth(); dx++, i++) {
          int fromY = y * convolution.stride() + dy - convolution.kernelHeight() / 2;
          int fromX = x * convolution.stride() + dx - convolution.kernelWidth() / 2;
          if (fromY >= 0 && fromY < channel.length && fromX >= 0 && fromX < channel[0].length) {
            sum += channel[fromY][fromX] * filter[i];
          }
        }
      }
    }
    return sum;
  }

  private void statistics(Operation.BatchNorm norm, double[][][][] a) {
    int channels = a[0].length;
    double[] means = new double[channels];
    double[] variances = new double[channels];
    double count = (double) a.length * a[0][0].length * a[0][0][0].length;
    for (int c = 0; c < channels; c++) {
      for (double[][][] image : a) {
        for (double[] row : image[c]) {
          for (double value : row) {
            means[c] += value / count;
          }
        }
      }
      for (double[][][] image : a) {
        for (double[] row : image[c]) {
          for (double value : row) {
            variances[c] += (value - means[c]) * (value - means[c]) / (count - 1);
          }
        }
      }
    }
    batchStatistics.put(norm.mean().id(), means);
    batchStatistics.put(norm.variance().id(), variances);
  }

  private static double[][][][] zeros(int images, Shape shape) {
    return new double[images][shape.channels()][shape.height()][shape.width()];
  }

  /** The ids of all variables that gradients change. */
  static List<Variable> trained(Network network) {
    return network.variables().stream().filter(Variable::trained).toList();
  }
}
