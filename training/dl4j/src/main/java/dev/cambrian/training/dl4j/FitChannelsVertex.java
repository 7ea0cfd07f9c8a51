package dev.cambrian.training.dl4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Truncation to, or zero padding up to, a number of channels; the first channels are kept. */
final class FitChannelsVertex extends Vertex {
  private static final long serialVersionUID = 1L;

  private final int channels;

  FitChannelsVertex(ComputationGraph graph, String name, int index, int channels) {
    super(graph, name, index, null);
    this.channels = channels;
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray in = input();
    return fitted(in, activation(memory, in.size(0), in.size(1), in.size(2), channels));
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    return fitted(output, gradientOf(memory, input()));
  }

  private static INDArray fitted(INDArray from, INDArray to) {
    long kept = Math.min(from.size(3), to.size(3));
    if (kept < to.size(3)) {
      to.assign(0);
    }
    first(to, kept).assign(first(from, kept));
    return to;
  }

  private static INDArray first(INDArray activation, long kept) {
    return kept == activation.size(3) ? activation : activation.get(all(), all(), all(), interval(0, kept));
  }
}
