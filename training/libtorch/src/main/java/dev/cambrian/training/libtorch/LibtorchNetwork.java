package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.add;
import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.index_select;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.upsample_nearest2d;

import dev.cambrian.model.Network;
import dev.cambrian.model.Operation;
import dev.cambrian.model.Shape;
import dev.cambrian.training.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;

/**
 * A network as libtorch calls, in channels-last layout. Holds native memory of the {@code PointerScope} that it is made
 * in; what {@link #scores} makes belongs to the scope that it is called in.
 */
final class LibtorchNetwork {

  /** One node as a call: its inputs' activations to its own. */
  private interface Layer {
    Tensor of(List<Tensor> inputs);
  }

  private final List<Network.Node> nodes;
  private final LibtorchVariables variables;
  private final boolean training;
  private final boolean halved;
  /** Whose activations are in half precision: what a convolution yields, and what comes from nothing but such. */
  private final boolean[] half;
  private final List<Layer> layers = new ArrayList<>();
  /** The last node that reads each node. */
  private final int[] lastReader;
  private final int[] readers;
  private final TensorOptional none = new TensorOptional();
  private final ScalarTypeOptional sameType = new ScalarTypeOptional();

  /**
   * @param training whether batch norm uses the batch's own statistics (and moves the averages)
   * @param precision of convolutions and of what follows them; variables and class scores stay single
   */
  LibtorchNetwork(
      Network network, LibtorchVariables variables, boolean training, TrainingPlan.Precision precision) {
    this.nodes = network.nodes();
    this.variables = variables;
    this.training = training;
    this.halved = precision == TrainingPlan.Precision.BF16;
    lastReader = new int[nodes.size()];
    readers = new int[nodes.size()];
    half = new boolean[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      Network.Node node = nodes.get(i);
      for (int input : node.inputs()) {
        lastReader[input] = i;
        readers[input]++;
      }
      half[i] = node.operation() instanceof Operation.Convolution
          ? halved
          : i > 0 && !(node.operation() instanceof Operation.Linear) && node.inputs().stream().allMatch(n -> half[n]);
    }
    for (int i = 0; i < nodes.size(); i++) {
      layers.add(layer(i));
    }
  }

  /** The class scores, single precision, {@code [batch, classes]}, of a batch of images. */
  Tensor scores(Tensor images) {
    Tensor[] activations = new Tensor[nodes.size()];
    for (int i = 0; i < activations.length; i++) {
      List<Integer> from = nodes.get(i).inputs();
      List<Tensor> inputs = new ArrayList<>(from.size());
      for (int input : from) {
        inputs.add(activations[input]);
      }
      activations[i] = i == 0 ? images : layers.get(i).of(inputs);
      for (int input : from) {
        // What gradients need, autograd keeps; the rest goes at once, so that predicting holds few activations.
        if (lastReader[input] == i && input != 0 && activations[input] != activations[i]) {
          activations[input].close();
        }
      }
    }
    return inSingle(activations[activations.length - 1], activations.length - 1);
  }

  private Layer layer(int index) {
    Network.Node node = nodes.get(index);
    Operation operation = node.operation();
    if (operation instanceof Operation.Input) {
      return inputs -> {
        throw new IllegalArgumentException("a network has one input, its first node, not also " + node.name());
      };
    } else if (operation instanceof Operation.Convolution convolution) {
      return convolution(index, convolution);
    } else if (operation instanceof Operation.BatchNorm) {
      return batchNorm(node);
    } else if (operation instanceof Operation.Relu) {
      return rectifier(node);
    } else if (operation instanceof Operation.Resize) {
      return resize(nodes.get(node.inputs().get(0)).shape(), node.shape());
    } else if (operation instanceof Operation.FitChannels) {
      return fitChannels(nodes.get(node.inputs().get(0)).shape().channels(), node.shape().channels());
    } else if (operation instanceof Operation.Add) {
      return LibtorchNetwork::sum;
    } else if (operation instanceof Operation.GlobalAveragePool) {
      return pool(node.inputs().get(0));
    } else if (operation instanceof Operation.Linear dense) {
      return linearLayer(dense, node.inputs().get(0));
    }
    throw new IllegalArgumentException("node " + node.name() + " is an operation that is not known: " + operation);
  }

  private Layer convolution(int index, Operation.Convolution convolution) {
    Tensor filter = variables.get(convolution.filter());
    TensorOptional bias = none;
    if (isFolded(index)) {
      LibtorchBatchNorm norm = norm(nodes.get(lastReader[index]));
      filter = filter.mul(norm.factor().view(-1, 1, 1, 1));
      bias = new TensorOptional(norm.offset());
    }
    return convolution(convolution, filter, bias);
  }

  private Layer convolution(Operation.Convolution convolution, Tensor filter, TensorOptional bias) {
    long[] stride = {convolution.stride(), convolution.stride()};
    long[] padding = {convolution.kernelHeight() / 2, convolution.kernelWidth() / 2};
    long[] dilation = {1, 1};
    if (!halved) {
      return inputs -> conv2d(inputs.get(0), filter, bias, stride, padding, dilation, 1);
    }
    return inputs -> conv2d(inputs.get(0).to(ScalarType.BFloat16), filter.to(ScalarType.BFloat16), bias, stride,
        padding, dilation, 1);
  }

  private Layer batchNorm(Network.Node node) {
    if (isFolded(node.inputs().get(0))) {
      return inputs -> inputs.get(0);
    }
    LibtorchBatchNorm norm = norm(node);
    boolean halfInput = half[node.inputs().get(0)];
    if (training) {
      return inputs -> norm.training(inputs.get(0), halfInput);
    }
    LibtorchBatchNorm.Prediction prediction = norm.predicting(halfInput);
    return inputs -> prediction.of(inputs.get(0));
  }

  private LibtorchBatchNorm norm(Network.Node node) {
    return new LibtorchBatchNorm((Operation.BatchNorm) node.operation(), node.shape(), variables);
  }

  /** Whether a convolution does the batch norm behind it, too: with fixed averages that is a factor and an offset. */
  private boolean isFolded(int index) {
    return !training && !halved && nodes.get(index).operation() instanceof Operation.Convolution
        && readers[index] == 1 && nodes.get(lastReader[index]).operation() instanceof Operation.BatchNorm;
  }

  /** In place where nobody else reads the input and its own gradient does not need it. */
  private Layer rectifier(Network.Node node) {
    int input = node.inputs().get(0);
    Operation source = nodes.get(input).operation();
    boolean inPlace = readers[input] == 1
        && (source instanceof Operation.BatchNorm
            || source instanceof Operation.Convolution
            || source instanceof Operation.Add);
    return inPlace ? inputs -> inputs.get(0).relu_() : inputs -> relu(inputs.get(0));
  }

  /** Nearest interpolation; by libtorch's own kernel where its rounding agrees with the exact one. */
  private Layer resize(Shape from, Shape to) {
    int[] rows = nearest(from.height(), to.height());
    int[] columns = nearest(from.width(), to.width());
    long[] size = {to.height(), to.width()};
    if (roundsExactly(from.height(), rows) && roundsExactly(from.width(), columns)) {
      return inputs -> upsample_nearest2d(inputs.get(0), size);
    }
    Tensor rowIndex = variables.device().here(torch.tensor(rows));
    Tensor columnIndex = variables.device().here(torch.tensor(columns));
    return inputs -> index_select(index_select(inputs.get(0), 2, rowIndex), 3, columnIndex);
  }

  private static int[] nearest(int from, int to) {
    int[] index = new int[to];
    for (int i = 0; i < to; i++) {
      index[i] = (int) ((long) i * from / to);
    }
    return index;
  }

  private static boolean roundsExactly(int from, int[] index) {
    float scale = (float) from / index.length;
    for (int i = 0; i < index.length; i++) {
      if (Math.min((int) Math.floor(i * scale), from - 1) != index[i]) {
        return false;
      }
    }
    return true;
  }

  private static Layer fitChannels(int from, int to) {
    return to <= from
        ? inputs -> inputs.get(0).narrow(1, 0, to)
        : inputs -> constant_pad_nd(inputs.get(0), 0, 0, 0, 0, 0, to - from);
  }

  private static Tensor sum(List<Tensor> inputs) {
    Tensor sum = add(inputs.get(0), inputs.get(1));
    for (Tensor more : inputs.subList(2, inputs.size())) {
      sum = sum.add(more);
    }
    return sum;
  }

  /** A sum whose gradient is spread by a view; that of libtorch's mean would come in a layout that slows the rest. */
  private Layer pool(int input) {
    Shape shape = nodes.get(input).shape();
    if (half[input]) {
      long[] size = {shape.height(), shape.width()};
      return inputs -> avg_pool2d(inputs.get(0), size);
    }
    Scalar share = new Scalar(1.0 / (shape.height() * shape.width()));
    return inputs -> torch.sum(inputs.get(0), new long[] {2, 3}, true, sameType).mul(share);
  }

  private Layer linearLayer(Operation.Linear dense, int input) {
    Tensor weight = variables.get(dense.weight());
    TensorOptional bias = new TensorOptional(variables.get(dense.bias()));
    return inputs -> linear(inSingle(inputs.get(0), input).flatten(1, 3), weight, bias);
  }

  private Tensor inSingle(Tensor activation, int node) {
    return half[node] ? activation.to(ScalarType.Float) : activation;
  }
}
