package dev.cambrian.training.dl4j;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One operation as a vertex of the library's computation graph. Activations are {@code [images, height, width,
 * channels]}, the layout of {@link dev.cambrian.training.Images}: it needs no transposition on the way in, and oneDNN's
 * convolutions are the faster for it.
 *
 * <p>The library's own layers are not used, for what they do beside the operation: its convolution runs forward once more
 * on the way back, its batch norm takes five times as long as its convolution.
 */
abstract class Vertex extends BaseGraphVertex {
  private static final long serialVersionUID = 1L;

  private final transient INDArray parameters;
  private transient INDArray gradients;

  Vertex(ComputationGraph graph, String name, int index, INDArray parameters) {
    super(graph, name, index, null, null, DataType.FLOAT);
    this.parameters = parameters;
  }

  /** What it yields; in the workspace of {@link ArrayType#ACTIVATIONS}. */
  abstract INDArray forward(boolean training, LayerWorkspaceMgr memory);

  /**
   * What its input's gradient is, and its own variables' on the way; in the workspace of
   * {@link ArrayType#ACTIVATION_GRAD}. Called after {@link #forward} with the same inputs.
   *
   * @param output the gradient of what it yielded
   * @return null where nobody wants it, for the input are the images
   */
  abstract INDArray backward(INDArray output, LayerWorkspaceMgr memory);

  /** Frees what lives as long as the vertex. */
  void free() {}

  /** The only input, or the first. */
  final INDArray input() {
    return inputs[0];
  }

  /** Whether the images themselves are what it reads: they need no gradient. */
  final boolean readsImages() {
    return inputVertices[0].getVertexIndex() == 0;
  }

  /** The part of its variables' memory from {@code from} on. */
  final INDArray parameter(long from, long... shape) {
    return part(parameters, from, shape);
  }

  /** The part of its variables' gradients from {@code from} on. */
  final INDArray gradient(long from, long... shape) {
    return part(gradients, from, shape);
  }

  private static INDArray part(INDArray whole, long from, long[] shape) {
    long size = 1;
    for (long side : shape) {
      size *= side;
    }
    return whole.get(org.nd4j.linalg.indexing.NDArrayIndex.interval(from, from + size)).reshape('c', shape);
  }

  static INDArray activation(LayerWorkspaceMgr memory, long... shape) {
    return memory.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, shape, 'c');
  }

  static INDArray gradientOf(LayerWorkspaceMgr memory, INDArray activation) {
    return memory.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, activation.shape(), 'c');
  }

  /** Memory that lives until the vertex is done. */
  static INDArray working(LayerWorkspaceMgr memory, long... shape) {
    return memory.createUninitialized(ArrayType.FF_WORKING_MEM, DataType.FLOAT, shape, 'c');
  }

  /** Runs an operation of the library by its name. */
  static void run(String operation, INDArray[] inputs, INDArray output, long... arguments) {
    CustomOp op = DynamicCustomOp.builder(operation).addInputs(inputs).addOutputs(output)
        .addIntegerArguments(java.util.Arrays.stream(arguments).mapToInt(Math::toIntExact).toArray()).build();
    Nd4j.getExecutioner().exec(op);
  }

  @Override
  public final INDArray doForward(boolean training, LayerWorkspaceMgr memory) {
    return forward(training, memory);
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr memory) {
    boolean wanted = parameters != null || !readsImages();
    return new Pair<>(null, new INDArray[] {wanted ? backward(epsilon, memory) : null});
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray view) {
    gradients = view;
  }

  @Override
  public final INDArray getGradientsViewArray() {
    return gradients;
  }

  @Override
  public final INDArray params() {
    return parameters;
  }

  @Override
  public final Map<String, INDArray> paramTable(boolean backpropOnly) {
    return parameters == null ? Map.of() : Map.of("all", parameters);
  }

  @Override
  public final boolean hasLayer() {
    return false;
  }

  @Override
  public final Layer getLayer() {
    return null;
  }

  @Override
  public final Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int images) {
    return null;
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + " " + vertexName;
  }
}
