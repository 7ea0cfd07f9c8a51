package dev.cambrian.bench;

import dev.cambrian.model.Network;
import dev.cambrian.model.Operation;
import dev.cambrian.model.Shape;
import dev.cambrian.model.Variable;
import java.util.ArrayList;
import java.util.List;

/** The networks that speed is measured on: 32x32 colour images, ten classes. */
final class BenchNetworks {
  private static final int CLASSES = 10;

  private final List<Network.Node> nodes = new ArrayList<>();

  private BenchNetworks() {
    nodes.add(new Network.Node("input", new Operation.Input(), List.of(), new Shape(3, 32, 32)));
  }

  /** Real17's initial individual: no convolution. */
  static Network initial() {
    return new BenchNetworks().scoring(0);
  }

  /** Three convolutions of these widths, each with batch norm and ReLU, the second and third with stride 2. */
  static Network plain(int... widths) {
    BenchNetworks b = new BenchNetworks();
    int last = 0;
    for (int i = 0; i < widths.length; i++) {
      last = b.relu(b.convolution(last, widths[i], i == 0 ? 1 : 2));
    }
    return b.scoring(last);
  }

  /** Like a ResNet-20: three stages of three blocks of two convolutions, 16, 32 and 64 channels wide. */
  static Network residual() {
    BenchNetworks b = new BenchNetworks();
    int last = b.relu(b.convolution(0, 16, 1));
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < 3; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        int inner = b.relu(b.convolution(last, 16 << stage, stride));
        int outer = b.convolution(inner, 16 << stage, 1);
        last = b.relu(b.add(new Operation.Add(), List.of(outer, b.fitted(last, b.shape(outer))), b.shape(outer)));
      }
    }
    return b.scoring(last);
  }

  private int fitted(int input, Shape to) {
    Shape from = shape(input);
    if (from.equals(to)) {
      return input;
    }
    int resized = add(new Operation.Resize(to.height(), to.width()), List.of(input),
        new Shape(from.channels(), to.height(), to.width()));
    return add(new Operation.FitChannels(to.channels()), List.of(resized), to);
  }

  private int convolution(int input, int width, int stride) {
    Shape from = shape(input);
    String name = "n" + nodes.size();
    Variable filter = new Variable(name + "/filter", List.of(width, from.channels(), 3, 3),
        new Variable.Normal(Math.sqrt(2.0 / (9 * from.channels()))), true, true);
    int size = (from.height() + stride - 1) / stride;
    int convolved = add(new Operation.Convolution(filter, stride), List.of(input), new Shape(width, size, size));
    return add(new Operation.BatchNorm(vector(name + "/scale", width, 1, true), vector(name + "/shift", width, 0, true),
        vector(name + "/mean", width, 0, false), vector(name + "/variance", width, 1, false), 0.9, 1e-5),
        List.of(convolved), new Shape(width, size, size));
  }

  private int relu(int input) {
    return add(new Operation.Relu(), List.of(input), shape(input));
  }

  private Network scoring(int input) {
    int width = shape(input).channels();
    int pooled = add(new Operation.GlobalAveragePool(), List.of(input), new Shape(width, 1, 1));
    Variable weight = new Variable("scores/weight", List.of(CLASSES, width),
        new Variable.Normal(Math.sqrt(1.0 / width)), true, false);
    add(new Operation.Linear(weight, vector("scores/bias", CLASSES, 0, true)), List.of(pooled),
        new Shape(CLASSES, 1, 1));
    return new Network(nodes);
  }

  private Shape shape(int node) {
    return nodes.get(node).shape();
  }

  private int add(Operation operation, List<Integer> inputs, Shape shape) {
    nodes.add(new Network.Node("n" + nodes.size(), operation, inputs, shape));
    return nodes.size() - 1;
  }

  private static Variable vector(String id, int size, float value, boolean trained) {
    return new Variable(id, List.of(size), new Variable.Constant(value), trained, false);
  }
}
