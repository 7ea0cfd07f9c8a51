package dev.cambrian.bench;

import static org.bytedeco.pytorch.global.torch.add;
import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.constant_pad_nd;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.mean;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.torch_full;
import static org.bytedeco.pytorch.global.torch.upsample_nearest2d;

import dev.cambrian.model.Network;
import dev.cambrian.model.Operation;
import dev.cambrian.model.Variable;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What anyone would write against libtorch by hand: the layers one after another, autocast for bf16, the library's own
 * loss and SGD, nothing watched, nothing kept. The measure of the engine. Lives in the {@code PointerScope} that it is
 * made in.
 */
final class BareLoop {
  private final Network network;
  private final boolean halved;
  private final Map<String, Tensor> variables = new HashMap<>();
  private final SGD optimizer;

  BareLoop(Network network, boolean halved) {
    this.network = network;
    this.halved = halved;
    TensorVector trained = new TensorVector();
    for (Variable variable : network.variables()) {
      long[] shape = variable.shape().stream().mapToLong(Integer::longValue).toArray();
      Tensor tensor = variable.initializer() instanceof Variable.Normal normal
          ? randn(shape).mul(new Scalar(normal.standardDeviation()))
          : torch_full(shape, new Scalar(((Variable.Constant) variable.initializer()).value()));
      if (shape.length == 4) {
        tensor = tensor.contiguous(MemoryFormat.ChannelsLast);
      }
      variables.put(variable.id(), tensor);
      if (variable.trained()) {
        tensor.set_requires_grad(true);
        trained.push_back(tensor);
      }
    }
    SGDOptions options = new SGDOptions(0.01);
    options.momentum().put(0.9);
    options.weight_decay().put(1e-4);
    optimizer = new SGD(trained, options);
  }

  /** One training step. */
  void step(Tensor images, Tensor labels) {
    try (PointerScope scope = new PointerScope()) {
      optimizer.zero_grad();
      torch.set_autocast_enabled(torch.DeviceType.CPU, halved);
      Tensor loss = cross_entropy_loss(scores(images), labels);
      torch.set_autocast_enabled(torch.DeviceType.CPU, false);
      if (halved) {
        torch.clear_cache();
      }
      loss.backward();
      optimizer.step();
    }
  }

  private Tensor scores(Tensor images) {
    Tensor[] out = new Tensor[network.nodes().size()];
    out[0] = images;
    for (int i = 1; i < out.length; i++) {
      Network.Node node = network.nodes().get(i);
      Tensor[] in = node.inputs().stream().map(input -> out[input]).toArray(Tensor[]::new);
      out[i] = output(node, in);
    }
    Tensor last = out[out.length - 1];
    return halved ? last.to(ScalarType.Float) : last;
  }

  private Tensor output(Network.Node node, Tensor[] in) {
    Operation operation = node.operation();
    if (operation instanceof Operation.Convolution convolution) {
      long[] stride = {convolution.stride(), convolution.stride()};
      long[] padding = {convolution.kernelHeight() / 2, convolution.kernelWidth() / 2};
      return conv2d(in[0], get(convolution.filter()), new TensorOptional(), stride, padding, new long[] {1, 1}, 1);
    } else if (operation instanceof Operation.BatchNorm norm) {
      return batch_norm(in[0], new TensorOptional(get(norm.scale())), new TensorOptional(get(norm.shift())),
          new TensorOptional(get(norm.mean())), new TensorOptional(get(norm.variance())), true, 0.1, 1e-5, false);
    } else if (operation instanceof Operation.Relu) {
      return relu(in[0]);
    } else if (operation instanceof Operation.Add) {
      return add(in[0], in[1]);
    } else if (operation instanceof Operation.Resize resize) {
      return upsample_nearest2d(in[0], new long[] {resize.height(), resize.width()});
    } else if (operation instanceof Operation.FitChannels fit) {
      return constant_pad_nd(in[0], 0, 0, 0, 0, 0, fit.channels() - in[0].size(1));
    } else if (operation instanceof Operation.GlobalAveragePool) {
      return mean(in[0], new long[] {2, 3}, true, new ScalarTypeOptional());
    } else if (operation instanceof Operation.Linear dense) {
      return linear(in[0].flatten(1, 3), get(dense.weight()), new TensorOptional(get(dense.bias())));
    }
    throw new IllegalArgumentException("the bare loop does not know " + operation);
  }

  private Tensor get(Variable variable) {
    return variables.get(variable.id());
  }
}
