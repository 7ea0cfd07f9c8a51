package dev.cambrian.training.dl4j;

import dev.cambrian.model.Operation.Linear;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A fully connected layer on the flattened input. Its memory holds the weight, then the bias. */
final class LinearVertex extends Vertex {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int size;
  private final transient INDArray weight;
  private final transient INDArray bias;
  /** The input, a row an image, channel by channel, as the weight has it. */
  private transient INDArray rows;

  LinearVertex(ComputationGraph graph, String name, int index, INDArray parameters, Linear linear) {
    super(graph, name, index, parameters);
    classes = linear.weight().shape().get(0);
    size = linear.weight().shape().get(1);
    weight = parameter(0, classes, size);
    bias = parameter((long) classes * size, 1, classes);
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray in = input();
    ArrayType kept = training ? ArrayType.ACTIVATIONS : ArrayType.FF_WORKING_MEM;
    rows = places() == 1 ? in : memory.dup(kept, in.permute(0, 3, 1, 2), 'c');
    rows = rows.reshape('c', in.size(0), size);
    INDArray output = activation(memory, in.size(0), 1, 1, classes);
    INDArray scores = output.reshape('c', in.size(0), classes);
    run("matmul", new INDArray[] {rows, weight}, scores, 0, 1, 0);
    run("add", new INDArray[] {scores, bias}, scores);
    return output;
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    INDArray in = input();
    INDArray scores = output.reshape('c', in.size(0), classes);
    run("matmul", new INDArray[] {scores, rows}, gradient(0, classes, size), 1, 0, 0);
    scores.sum(gradient((long) classes * size, classes), 0);
    if (readsImages()) {
      return null;
    }
    INDArray gradient = gradientOf(memory, in);
    if (places() == 1) {
      run("matmul", new INDArray[] {scores, weight}, gradient.reshape('c', in.size(0), size), 0, 0, 0);
      return gradient;
    }
    INDArray planes = working(memory, in.size(0), in.size(3), in.size(1), in.size(2));
    run("matmul", new INDArray[] {scores, weight}, planes.reshape('c', in.size(0), size), 0, 0, 0);
    return gradient.assign(planes.permute(0, 2, 3, 1));
  }

  @Override
  public void clear() {
    super.clear();
    rows = null;
  }

  private long places() {
    return input().size(1) * input().size(2);
  }
}
