package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.torch_empty;
import static org.bytedeco.pytorch.global.torch.torch_zeros;

import dev.cambrian.model.Network;
import dev.cambrian.model.Variable;
import dev.cambrian.training.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * A network's variables in libtorch's memory, and the optimizer over them: SGD with momentum, and weight decay on the
 * variables that say so. Lives as long as the {@code PointerScope} that it is made in.
 *
 * <p>All variables lie in one buffer, the decayed ones first, then the other trained ones, then the averages; a second
 * buffer of the trained ones' size holds the velocities. Each variable and its gradient are views into the two, so that
 * an optimizer step is three operations however many variables there are, and no gradient is ever allocated or cleared:
 * the velocity is scaled and the decay added before the backward pass, which then accumulates the gradient into it,
 * {@code velocity = momentum * velocity + decay * weight + gradient}. Filters lie channels-last, as convolutions want
 * them; on the heap they are row-major.
 */
final class LibtorchVariables {
  /** Views start at multiples of 64 bytes, the width of a vector register and a cache line. */
  private static final int ALIGNMENT = 16;

  private final List<Variable> variables;
  private final Map<String, Integer> offsets = new HashMap<>();
  private final Map<String, Tensor> views = new HashMap<>();
  private final int size;
  private final LibtorchDevice device;
  private final Tensor buffer;
  private final FloatPointer memory;
  private Tensor velocity;
  private Tensor trained;
  private Tensor decayed;
  private Tensor decayedVelocity;

  private LibtorchVariables(Network network, Weights values, LibtorchDevice device) {
    this.device = device;
    variables = ordered(network.variables());
    int end = 0;
    for (Variable variable : variables) {
      offsets.put(variable.id(), end);
      end = Math.addExact(end, aligned(Math.toIntExact(variable.size())));
    }
    size = end;
    // The tensor owns the memory; its handle is in the caller's scope.
    buffer = torch_empty(new long[] {Math.max(size, 1)}, device.singles(), new MemoryFormatOptional());
    memory = buffer.data_ptr_float();
    try (PointerScope scope = new PointerScope()) {
      slice(memory, size).copy_(from_blob(new FloatPointer(packed(values)), size));
    }
    for (Variable variable : variables) {
      views.put(variable.id(), view(memory, variable));
    }
  }

  /** For predicting: no gradients. */
  static LibtorchVariables fixed(Network network, Weights values, LibtorchDevice device) {
    return new LibtorchVariables(network, values, device);
  }

  /** For training. */
  static LibtorchVariables trained(Network network, Weights values, LibtorchDevice device) {
    LibtorchVariables made = new LibtorchVariables(network, values, device);
    made.attachGradients();
    return made;
  }

  /** Where they lie. */
  LibtorchDevice device() {
    return device;
  }

  /** The tensor of a variable. */
  Tensor get(Variable variable) {
    return views.get(variable.id());
  }

  /** To be called before the backward pass: velocities slow down, and weight decay pulls. */
  void decay(Scalar momentum, Scalar weightDecay) {
    velocity.mul_(momentum);
    decayedVelocity.add_(decayed, weightDecay);
  }

  /** To be called after the backward pass: weights move along their velocities. */
  void move(Scalar minusLearningRate) {
    trained.add_(velocity, minusLearningRate);
  }

  /** The present values, on the heap. */
  Weights toHeap() {
    float[] all = new float[size];
    try (PointerScope scope = new PointerScope()) {
      buffer.cpu().data_ptr_float().get(all);
    }
    Map<String, dev.cambrian.training.Tensor> tensors = new TreeMap<>();
    for (Variable variable : variables) {
      float[] values = new float[Math.toIntExact(variable.size())];
      transpose(variable, all, values, false);
      tensors.put(variable.id(), new dev.cambrian.training.Tensor(variable.shape(), values));
    }
    return new Weights(tensors);
  }

  private void attachGradients() {
    int trainedSize = endOf(Variable::trained);
    int decayedSize = endOf(Variable::decayed);
    velocity = torch_zeros(new long[] {Math.max(trainedSize, 1)}, device.singles());
    trained = slice(memory, trainedSize);
    decayed = slice(memory, decayedSize);
    FloatPointer velocities = velocity.data_ptr_float();
    decayedVelocity = slice(velocities, decayedSize);
    if (trainedSize == 0) {
      velocity = slice(velocities, 0);
    }
    for (Variable variable : variables) {
      if (variable.trained()) {
        Tensor leaf = views.get(variable.id());
        leaf.set_requires_grad(true);
        leaf.mutable_grad().put(view(velocities, variable));
      }
    }
  }

  private int endOf(java.util.function.Predicate<Variable> group) {
    int end = 0;
    for (Variable variable : variables) {
      if (group.test(variable)) {
        end = offsets.get(variable.id()) + aligned((int) variable.size());
      }
    }
    return end;
  }

  private float[] packed(Weights values) {
    float[] all = new float[size];
    for (Variable variable : variables) {
      transpose(variable, all, values.tensors().get(variable.id()).values(), true);
    }
    return all;
  }

  /** Copies a variable between its place in the buffer (filters channels-last) and its row-major values. */
  private void transpose(Variable variable, float[] all, float[] values, boolean intoBuffer) {
    int offset = offsets.get(variable.id());
    if (variable.shape().size() != 4) {
      System.arraycopy(intoBuffer ? values : all, intoBuffer ? 0 : offset, intoBuffer ? all : values,
          intoBuffer ? offset : 0, values.length);
      return;
    }
    int channels = variable.shape().get(1);
    int area = variable.shape().get(2) * variable.shape().get(3);
    int rowMajor = 0;
    for (int base = offset; rowMajor < values.length; base += channels * area) {
      for (int channel = 0; channel < channels; channel++) {
        for (int place = 0; place < area; place++, rowMajor++) {
          int inBuffer = base + place * channels + channel;
          if (intoBuffer) {
            all[inBuffer] = values[rowMajor];
          } else {
            values[rowMajor] = all[inBuffer];
          }
        }
      }
    }
  }

  /** The first values of a buffer. */
  private Tensor slice(FloatPointer start, int length) {
    return from_blob(start, new long[] {length}, device.singles());
  }

  private Tensor view(FloatPointer buffer, Variable variable) {
    FloatPointer start = buffer.getPointer(FloatPointer.class, offsets.get(variable.id()));
    long[] sizes = variable.shape().stream().mapToLong(Integer::longValue).toArray();
    if (sizes.length != 4) {
      return from_blob(start, sizes, device.singles());
    }
    long channels = sizes[1];
    return from_blob(start, sizes,
        new long[] {channels * sizes[2] * sizes[3], 1, channels * sizes[3], channels}, device.singles());
  }

  private static List<Variable> ordered(List<Variable> variables) {
    List<Variable> ordered = new ArrayList<>();
    variables.stream().filter(v -> v.trained() && v.decayed()).forEach(ordered::add);
    variables.stream().filter(v -> v.trained() && !v.decayed()).forEach(ordered::add);
    variables.stream().filter(v -> !v.trained()).forEach(ordered::add);
    return ordered;
  }

  private static int aligned(int size) {
    return Math.addExact(size, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
