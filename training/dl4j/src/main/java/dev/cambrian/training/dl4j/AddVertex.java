package dev.cambrian.training.dl4j;

import java.util.Arrays;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The sum of its inputs. Where a node is to be added several times it is one input with a weight, for the library's graph
 * cannot tell two edges between the same vertices apart.
 */
final class AddVertex extends Vertex {
  private static final long serialVersionUID = 1L;

  private final int[] times;

  /** {@code times} are the weights of the inputs. */
  AddVertex(ComputationGraph graph, String name, int index, int[] times) {
    super(graph, name, index, null);
    this.times = times;
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray sum = activation(memory, input().shape());
    if (inputs.length == 1) {
      return input().mul(times[0], sum);
    }
    if (Arrays.stream(times).allMatch(time -> time == 1)) {
      input().add(inputs[1], sum);
      for (int i = 2; i < inputs.length; i++) {
        sum.addi(inputs[i]);
      }
      return sum;
    }
    input().mul(times[0], sum);
    for (int i = 1; i < inputs.length; i++) {
      for (int time = 0; time < times[i]; time++) {
        sum.addi(inputs[i]);
      }
    }
    return sum;
  }

  /** One copy for each: the graph adds what comes from elsewhere in place. */
  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr memory) {
    INDArray[] gradients = new INDArray[inputs.length];
    for (int i = 0; i < gradients.length; i++) {
      if (inputVertices[i].getVertexIndex() == 0) {
        continue;
      }
      gradients[i] = times[i] == 1
          ? memory.dup(ArrayType.ACTIVATION_GRAD, epsilon, 'c')
          : epsilon.mul(times[i], gradientOf(memory, epsilon));
    }
    return new Pair<>(null, gradients);
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    throw new IllegalStateException("a sum has a gradient for each of its inputs");
  }
}
