package dev.cambrian.training.dl4j;

import dev.cambrian.model.Operation.Convolution;
import dev.cambrian.model.Shape;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2DDerivative;
import org.nd4j.linalg.factory.Nd4j;

/** A convolution without bias, by the operation that oneDNN (or cuDNN) runs. */
final class ConvolutionVertex extends Vertex {
  private static final long serialVersionUID = 1L;
  /** The library's code for images whose channels are innermost. */
  private static final int CHANNELS_LAST = 1;
  /** The library's code for a filter of [out, in, height, width]. */
  private static final int OUT_IN_HEIGHT_WIDTH = 1;

  private final transient Shape shape;
  private final transient INDArray filter;
  private final transient long[] filterShape;
  private final transient OpContext there;
  private final transient OpContext back;

  ConvolutionVertex(ComputationGraph graph, String name, int index, INDArray parameters, Convolution convolution,
      Shape shape) {
    super(graph, name, index, parameters);
    this.shape = shape;
    filterShape = convolution.filter().shape().stream().mapToLong(Integer::longValue).toArray();
    filter = parameter(0, filterShape);
    there = context(convolution);
    back = context(convolution);
  }

  private static OpContext context(Convolution convolution) {
    OpContext context = Nd4j.getExecutioner().buildContext();
    int height = convolution.kernelHeight();
    int width = convolution.kernelWidth();
    context.setIArguments(height, width, convolution.stride(), convolution.stride(), height / 2, width / 2, 1, 1, 0,
        CHANNELS_LAST, OUT_IN_HEIGHT_WIDTH);
    return context;
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray output = activation(memory, input().size(0), shape.height(), shape.width(), shape.channels());
    run(there, new INDArray[] {input(), filter}, new INDArray[] {output}, new Conv2D());
    return output;
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    // The library knows no gradient of the filter alone, so even the images' is computed.
    INDArray gradient = readsImages() ? working(memory, input().shape()) : gradientOf(memory, input());
    run(back, new INDArray[] {input(), filter, output},
        new INDArray[] {gradient, gradient(0, filterShape)}, new Conv2DDerivative());
    return readsImages() ? null : gradient;
  }

  private static void run(OpContext context, INDArray[] inputs, INDArray[] outputs,
      org.nd4j.linalg.api.ops.CustomOp operation) {
    context.purge();
    for (int i = 0; i < inputs.length; i++) {
      context.setInputArray(i, inputs[i]);
    }
    for (int i = 0; i < outputs.length; i++) {
      context.setOutputArray(i, outputs[i]);
    }
    Nd4j.getExecutioner().exec(operation, context);
    context.purge();
  }
}
