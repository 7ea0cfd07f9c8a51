package dev.cambrian.model;

import dev.cambrian.model.Network.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a {@link Dna} becomes a {@link Network} (Real17, methods and supplement).
 *
 * <p>Vertex by vertex, from the input on: every incoming edge is computed; where they disagree in size, the edge of
 * highest scale precedence decides and the others are resized to it by zeroth-order interpolation; where they disagree
 * in channels, the edge of highest depth precedence decides and the others are truncated or zero padded to it; all are
 * added, and the activation follows. The output vertex is read by a global average pool and a linear layer.
 *
 * <p>Where the paper is silent: a convolution emits {@code round(depthFactor * input channels)} channels, at least 1. A
 * filter starts He-normal, {@code sqrt(2 / fanIn)}, divided by {@code sqrt(number of edges that enter its vertex)}, so
 * that the sum's variance does not grow with them. The linear layer starts normal with {@code sqrt(1 / fanIn)}, as no
 * ReLU follows it, and with bias 0. Batch norm's epsilon is 1e-3, TensorFlow's default then. Weight decay applies to
 * filters only.
 */
final class Expression {

  /** Real17: 0.9. */
  private static final double BATCH_NORM_DECAY = 0.9;

  private static final double BATCH_NORM_EPSILON = 1e-3;

  private final Dna dna;
  private final int classes;
  private final List<Node> nodes = new ArrayList<>();

  private Expression(Dna dna, Shape input, int classes) {
    this.dna = dna;
    this.classes = classes;
    add("input", new Operation.Input(), List.of(), input);
  }

  /** The network of a genotype, for images of a shape. */
  static Network of(Dna dna, Shape input, int classes) {
    return new Expression(dna, input, classes).build();
  }

  private Network build() {
    Map<Integer, List<Edge>> incoming = new HashMap<>();
    for (Edge edge : dna.edges()) {
      incoming.computeIfAbsent(edge.target(), none -> new ArrayList<>()).add(edge);
    }
    Map<Integer, Integer> nodeOf = new HashMap<>();
    int last = 0;
    for (Vertex vertex : dna.topologicalOrder()) {
      List<Edge> edges = incoming.getOrDefault(vertex.id(), new ArrayList<>());
      int sum = edges.isEmpty() ? 0 : sum(vertex, edges, nodeOf);
      last = activation(vertex, sum);
      nodeOf.put(vertex.id(), last);
    }
    head(last);
    return new Network(nodes);
  }

  /** The sum of a vertex's inputs, the depth-primary one first. */
  private int sum(Vertex vertex, List<Edge> edges, Map<Integer, Integer> nodeOf) {
    edges.sort(Dna.BY_DEPTH_PRECEDENCE);
    Map<Edge, Integer> ends = new HashMap<>();
    for (Edge edge : edges) {
      ends.put(edge, edge(edge, nodeOf.get(edge.source()), edges.size()));
    }
    if (edges.size() == 1) {
      return ends.get(edges.get(0));
    }
    Edge scalePrimary = edges.stream().min(Dna.BY_SCALE_PRECEDENCE).orElseThrow();
    Shape scale = shape(ends.get(scalePrimary));
    int channels = shape(ends.get(edges.get(0))).channels();
    Shape resolved = tooLargeUnlessCountable("v" + vertex.id(), channels, scale.height(), scale.width());
    List<Integer> inputs = new ArrayList<>();
    for (Edge edge : edges) {
      inputs.add(resolve("e" + edge.id(), ends.get(edge), resolved));
    }
    return add("v" + vertex.id(), new Operation.Add(), inputs, resolved);
  }

  private int edge(Edge edge, int source, int siblings) {
    if (edge.type() == Edge.Type.IDENTITY) {
      return source;
    }
    String name = "e" + edge.id();
    Shape in = shape(source);
    double out = Math.max(1, Math.floor(in.channels() * edge.depthFactor() + 0.5));
    double fanIn = (double) in.channels() * edge.filterHeight() * edge.filterWidth();
    if (out > Integer.MAX_VALUE || out * fanIn > Integer.MAX_VALUE) {
      throw new NetworkTooLarge(String.format(
          "convolution %s asks for %.0f filters of %dx%dx%d, more values than can be counted",
          name, out, in.channels(), edge.filterHeight(), edge.filterWidth()));
    }
    int stride = edge.stride();
    Variable filter = new Variable(
        name + "/filter",
        List.of((int) out, in.channels(), (int) edge.filterHeight(), (int) edge.filterWidth()),
        new Variable.Normal(Math.sqrt(2 / (fanIn * siblings))),
        true,
        true);
    Shape shape = tooLargeUnlessCountable(
        name, (int) out, dividedUp(in.height(), stride), dividedUp(in.width(), stride));
    return add(name, new Operation.Convolution(filter, stride), List.of(source), shape);
  }

  private int resolve(String name, int node, Shape to) {
    int resolved = node;
    Shape from = shape(resolved);
    if (from.height() != to.height() || from.width() != to.width()) {
      Shape resized = tooLargeUnlessCountable(name, from.channels(), to.height(), to.width());
      resolved = add(name, new Operation.Resize(to.height(), to.width()), List.of(resolved), resized);
    }
    if (from.channels() != to.channels()) {
      resolved = add(name, new Operation.FitChannels(to.channels()), List.of(resolved), to);
    }
    return resolved;
  }

  private int activation(Vertex vertex, int node) {
    if (vertex.activation() == Vertex.Activation.LINEAR) {
      return node;
    }
    String name = "v" + vertex.id();
    Shape shape = shape(node);
    List<Integer> channels = List.of(shape.channels());
    Operation batchNorm = new Operation.BatchNorm(
        new Variable(name + "/scale", channels, new Variable.Constant(1), true, false),
        new Variable(name + "/shift", channels, new Variable.Constant(0), true, false),
        new Variable(name + "/mean", channels, new Variable.Constant(0), false, false),
        new Variable(name + "/variance", channels, new Variable.Constant(1), false, false),
        BATCH_NORM_DECAY,
        BATCH_NORM_EPSILON);
    int normalised = add(name, batchNorm, List.of(node), shape);
    return add(name, new Operation.Relu(), List.of(normalised), shape);
  }

  private void head(int node) {
    int features = shape(node).channels();
    if ((double) features * classes > Integer.MAX_VALUE) {
      throw new NetworkTooLarge(
          "the linear layer asks for " + features + "x" + classes + " weights, more than can be counted");
    }
    int pooled = add("head", new Operation.GlobalAveragePool(), List.of(node), new Shape(features, 1, 1));
    Variable weight = new Variable(
        "head/weight",
        List.of(classes, features),
        new Variable.Normal(Math.sqrt(1.0 / features)),
        true,
        false);
    Variable bias = new Variable("head/bias", List.of(classes), new Variable.Constant(0), true, false);
    add("head", new Operation.Linear(weight, bias), List.of(pooled), new Shape(classes, 1, 1));
  }

  private static Shape tooLargeUnlessCountable(String name, int channels, int height, int width) {
    if ((double) channels * height * width > Integer.MAX_VALUE) {
      throw new NetworkTooLarge(
          name + " asks for an output of " + channels + "x" + height + "x" + width
              + ", more values than can be counted");
    }
    return new Shape(channels, height, width);
  }

  private static int dividedUp(int n, int by) {
    return (int) (((long) n + by - 1) / by);
  }

  private Shape shape(int node) {
    return nodes.get(node).shape();
  }

  private int add(String name, Operation operation, List<Integer> inputs, Shape shape) {
    nodes.add(new Node(name, operation, inputs, shape));
    return nodes.size() - 1;
  }
}
