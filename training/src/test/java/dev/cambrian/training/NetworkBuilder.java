package dev.cambrian.training;

import dev.cambrian.model.Network;
import dev.cambrian.model.Operation;
import dev.cambrian.model.Shape;
import dev.cambrian.model.Variable;
import java.util.ArrayList;
import java.util.List;

/** Networks for tests, node by node; each method returns the index of the node that it adds. */
final class NetworkBuilder {
  private final List<Network.Node> nodes = new ArrayList<>();

  NetworkBuilder(int channels, int height, int width) {
    nodes.add(new Network.Node("input", new Operation.Input(), List.of(), new Shape(channels, height, width)));
  }

  int convolution(int input, int channels, int kernelHeight, int kernelWidth, int stride) {
    Shape in = shape(input);
    double deviation = Math.sqrt(2.0 / (in.channels() * kernelHeight * kernelWidth));
    Variable filter = new Variable("n" + nodes.size() + "/filter",
        List.of(channels, in.channels(), kernelHeight, kernelWidth), new Variable.Normal(deviation), true, true);
    return add(new Operation.Convolution(filter, stride), List.of(input),
        new Shape(channels, (in.height() + stride - 1) / stride, (in.width() + stride - 1) / stride));
  }

  int batchNorm(int input) {
    String name = "n" + nodes.size();
    int channels = shape(input).channels();
    return add(
        new Operation.BatchNorm(vector(name + "/scale", channels, 1, true), vector(name + "/shift", channels, 0, true),
            vector(name + "/mean", channels, 0, false), vector(name + "/variance", channels, 1, false), 0.9, 1e-5),
        List.of(input), shape(input));
  }

  int relu(int input) {
    return add(new Operation.Relu(), List.of(input), shape(input));
  }

  int batchNormRelu(int input) {
    return relu(batchNorm(input));
  }

  int resize(int input, int height, int width) {
    return add(new Operation.Resize(height, width), List.of(input), new Shape(shape(input).channels(), height, width));
  }

  int fitChannels(int input, int channels) {
    return add(new Operation.FitChannels(channels), List.of(input),
        new Shape(channels, shape(input).height(), shape(input).width()));
  }

  int sum(Integer... inputs) {
    return add(new Operation.Add(), List.of(inputs), shape(inputs[0]));
  }

  int pool(int input) {
    return add(new Operation.GlobalAveragePool(), List.of(input), new Shape(shape(input).channels(), 1, 1));
  }

  Network classes(int input, int classes) {
    int size = Math.toIntExact(shape(input).size());
    Variable weight = new Variable("scores/weight", List.of(classes, size),
        new Variable.Normal(Math.sqrt(1.0 / size)), true, false);
    add(new Operation.Linear(weight, vector("scores/bias", classes, 0, true)), List.of(input),
        new Shape(classes, 1, 1));
    return new Network(nodes);
  }

  Shape shape(int node) {
    return nodes.get(node).shape();
  }

  private int add(Operation operation, List<Integer> inputs, Shape shape) {
    nodes.add(new Network.Node("n" + nodes.size(), operation, inputs, shape));
    return nodes.size() - 1;
  }

  private static Variable vector(String id, int size, float value, boolean trained) {
    return new Variable(id, List.of(size), new Variable.Constant(value), trained, false);
  }

  /** Real17's initial individual: global average pool, then linear. */
  static Network initial(int channels, int size, int classes) {
    NetworkBuilder b = new NetworkBuilder(channels, size, size);
    return b.classes(b.pool(0), classes);
  }

  /** Convolutions of these widths, each with batch norm and ReLU; every one but the first halves the size. */
  static Network plain(int channels, int size, int classes, int... widths) {
    NetworkBuilder b = new NetworkBuilder(channels, size, size);
    int last = 0;
    for (int i = 0; i < widths.length; i++) {
      last = b.batchNormRelu(b.convolution(last, widths[i], 3, 3, i == 0 ? 1 : 2));
    }
    return b.classes(b.pool(last), classes);
  }

  /** A residual network of three stages of {@code blocks} blocks of two convolutions. */
  static Network residual(int channels, int size, int classes, int width, int blocks) {
    NetworkBuilder b = new NetworkBuilder(channels, size, size);
    int last = b.batchNormRelu(b.convolution(0, width, 3, 3, 1));
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < blocks; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        int inner = b.batchNormRelu(b.convolution(last, width << stage, 3, 3, stride));
        int outer = b.batchNorm(b.convolution(inner, width << stage, 3, 3, 1));
        int skip = last;
        if (stride == 2) {
          skip = b.fitChannels(b.resize(last, b.shape(outer).height(), b.shape(outer).width()), width << stage);
        }
        last = b.relu(b.sum(outer, skip));
      }
    }
    return b.classes(b.pool(last), classes);
  }
}
