package dev.cambrian.training.dl4j;

import dev.cambrian.model.Network;
import dev.cambrian.model.Operation;
import dev.cambrian.model.Shape;
import dev.cambrian.model.Variable;
import dev.cambrian.training.Tensor;
import dev.cambrian.training.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deeplearning4j.nn.api.FwdPassType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network as a computation graph of the library, with its variables and their gradients, each kind in one piece of
 * native memory. One thread at a time; closing it frees that memory.
 */
final class NetworkGraph extends ComputationGraph {
  private static final long serialVersionUID = 1L;

  private final transient Network network;
  /** Where each variable begins. */
  private final transient Map<String, Integer> offsets = new HashMap<>();
  private final int size;
  private final transient float[] values;

  private NetworkGraph(Network network, ComputationGraphConfiguration configuration, int size) {
    super(configuration);
    this.network = network;
    this.size = size;
    values = new float[size];
  }

  /**
   * Builds one, whose variables hold 0.
   *
   * @throws IllegalArgumentException where the network is none that the engine can train
   */
  static NetworkGraph of(Network network) {
    int last = network.nodes().size() - 1;
    for (int i = 0; i < last; i++) {
      if (network.nodes().get(i).operation() instanceof Operation.Linear) {
        throw new IllegalArgumentException("only the last node can be linear, not also node " + i);
      }
    }
    ComputationGraphConfiguration.GraphBuilder builder =
        new NeuralNetConfiguration.Builder().dataType(DataType.FLOAT).graphBuilder();
    builder.addInputs(name(0));
    int size = 0;
    for (int i : live(network)) {
      Network.Node node = network.nodes().get(i);
      if (i > 0) {
        // The images last: as they take no gradient, the library would give an input behind them the wrong one.
        List<Integer> inputs = new ArrayList<>(new TreeSet<>(node.inputs()).descendingSet());
        builder.addVertex(name(i), plan(network, node, inputs),
            inputs.stream().map(NetworkGraph::name).toArray(String[]::new));
      }
      size = Math.addExact(size, size(node));
    }
    builder.setOutputs(name(last));
    NetworkGraph graph = new NetworkGraph(network, builder.build(), size);
    graph.allocate();
    return graph;
  }

  /** What the scores depend on, in order. */
  private static List<Integer> live(Network network) {
    boolean[] live = new boolean[network.nodes().size()];
    live[live.length - 1] = true;
    for (int i = live.length - 1; i > 0; i--) {
      if (live[i]) {
        network.nodes().get(i).inputs().forEach(input -> live[input] = true);
      }
    }
    List<Integer> nodes = new ArrayList<>();
    for (int i = 0; i < live.length; i++) {
      if (live[i]) {
        nodes.add(i);
      }
    }
    return nodes;
  }

  private static String name(int node) {
    return "n" + node;
  }

  private static int size(Network.Node node) {
    return Math.toIntExact(node.operation().variables().stream().mapToLong(Variable::size).sum());
  }

  private static VertexPlan plan(Network network, Network.Node node, List<Integer> inputs) {
    Operation operation = node.operation();
    Shape shape = node.shape();
    Shape in = network.nodes().get(inputs.get(0)).shape();
    return new VertexPlan(size(node), (graph, name, index, memory) -> {
      if (operation instanceof Operation.Convolution convolution) {
        return new ConvolutionVertex(graph, name, index, memory, convolution, shape);
      } else if (operation instanceof Operation.BatchNorm norm) {
        return new BatchNormVertex(graph, name, index, memory, norm, shape);
      } else if (operation instanceof Operation.Relu) {
        return new ReluVertex(graph, name, index);
      } else if (operation instanceof Operation.Resize) {
        return new ResizeVertex(graph, name, index, in, shape);
      } else if (operation instanceof Operation.FitChannels) {
        return new FitChannelsVertex(graph, name, index, shape.channels());
      } else if (operation instanceof Operation.Add) {
        int[] times = inputs.stream().mapToInt(i -> java.util.Collections.frequency(node.inputs(), i)).toArray();
        return new AddVertex(graph, name, index, times);
      } else if (operation instanceof Operation.GlobalAveragePool) {
        return new PoolVertex(graph, name, index);
      } else if (operation instanceof Operation.Linear linear) {
        return new LinearVertex(graph, name, index, memory, linear);
      }
      throw new IllegalArgumentException("node " + node.name() + " is an operation that is not known: " + operation);
    });
  }

  private void allocate() {
    // Even a network without variables gets one value: the library cannot hold none.
    init(size == 0 ? null : Nd4j.create(DataType.FLOAT, 1, size), false);
    initGradientsView();
    Map<String, Network.Node> nodes = new LinkedHashMap<>();
    for (int i = 0; i < network.nodes().size(); i++) {
      nodes.put(name(i), network.nodes().get(i));
    }
    int offset = 0;
    for (int index : topologicalSortOrder()) {
      for (Variable variable : nodes.get(vertices[index].getVertexName()).operation().variables()) {
        offsets.put(variable.id(), offset);
        offset += (int) variable.size();
      }
    }
  }

  /** All variables, in one piece. */
  INDArray variables() {
    return flattenedParams;
  }

  /** The gradients of all variables, in the same order; 0 where a variable is not trained. */
  INDArray gradients() {
    return flattenedGradients;
  }

  /** For each value, in the order of {@link #variables}: whether weight decay pulls at it. */
  boolean[] decayed() {
    boolean[] decayed = new boolean[size];
    for (Variable variable : network.variables()) {
      Integer offset = offsets.get(variable.id());
      if (offset != null && variable.trained() && variable.decayed()) {
        java.util.Arrays.fill(decayed, offset, offset + (int) variable.size(), true);
      }
    }
    return decayed;
  }

  /** Sets every variable. */
  void load(Weights weights) {
    offsets.forEach((id, offset) -> {
      float[] tensor = weights.tensors().get(id).values();
      System.arraycopy(tensor, 0, values, offset, tensor.length);
    });
    HostValues.write(flattenedParams, values, size);
  }

  /** The value of every variable; {@code idle} has those that the scores do not depend on. */
  Weights toHeap(Weights idle) {
    HostValues.read(flattenedParams, values, size);
    Map<String, Tensor> tensors = new TreeMap<>();
    for (Variable variable : network.variables()) {
      Integer offset = offsets.get(variable.id());
      tensors.put(variable.id(), offset == null
          ? idle.tensors().get(variable.id())
          : new Tensor(variable.shape(),
              java.util.Arrays.copyOfRange(values, offset, offset + (int) variable.size())));
    }
    return new Weights(tensors);
  }

  /** What the loss makes of the class scores. */
  interface Loss {
    /** Reads the scores, {@code [images, 1, 1, classes]}, and yields their gradient. */
    INDArray gradient(INDArray scores);
  }

  /** Forward, the loss, and back: leaves all gradients in {@link #gradients}. */
  void backpropagate(INDArray images, Loss loss) {
    try (var activations =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(WS_ALL_LAYERS_ACT_CONFIG, WS_ALL_LAYERS_ACT)) {
      INDArray scores = ffToLayerActivationsInWS(true, -1, null, FwdPassType.STANDARD, false,
          new INDArray[] {images}, null, null, false).get(configuration.getNetworkOutputs().get(0));
      calcBackpropGradients(false, false, loss.gradient(scores));
    } finally {
      for (GraphVertex vertex : vertices) {
        vertex.clear();
      }
    }
  }

  /** The class scores of images as a prediction has them; the caller closes the array. */
  INDArray scores(INDArray images) {
    return outputSingle(false, images);
  }

  /** Frees the native memory, but for workspaces, which are the calling threads'. */
  @Override
  public void close() {
    for (GraphVertex vertex : vertices) {
      if (vertex instanceof Vertex ours) {
        ours.free();
      }
    }
    free(flattenedParams);
    free(flattenedGradients);
  }

  private static void free(INDArray array) {
    if (array.closeable()) {
      array.close();
    }
  }
}
