package dev.cambrian.training.dl4j;

import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import dev.cambrian.model.Shape;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;

/**
 * Nearest interpolation, rows first, then columns: output i is input {@code i * from / to}, floored. Where every so many
 * are kept, that is one strided copy; elsewhere one copy for each row or column.
 */
final class ResizeVertex extends Vertex {
  private static final long serialVersionUID = 1L;

  private final transient Shape from;
  private final transient Shape to;

  ResizeVertex(ComputationGraph graph, String name, int index, Shape from, Shape to) {
    super(graph, name, index, null);
    this.from = from;
    this.to = to;
  }

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray output = activation(memory, input().size(0), to.height(), to.width(), to.channels());
    if (picksEvenly()) {
      return output.assign(picked(input()));
    }
    INDArray rows = between(memory);
    for (int y = 0; y < to.height(); y++) {
      row(rows, y).assign(row(input(), nearest(y, from.height(), to.height())));
    }
    for (int x = 0; x < to.width(); x++) {
      column(output, x).assign(column(rows, nearest(x, from.width(), to.width())));
    }
    return output;
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    INDArray gradient = gradientOf(memory, input()).assign(0);
    if (picksEvenly()) {
      picked(gradient).assign(output);
      return gradient;
    }
    INDArray rows = between(memory).assign(0);
    for (int x = 0; x < to.width(); x++) {
      column(rows, nearest(x, from.width(), to.width())).addi(column(output, x));
    }
    for (int y = 0; y < to.height(); y++) {
      row(gradient, nearest(y, from.height(), to.height())).addi(row(rows, y));
    }
    return gradient;
  }

  private INDArray between(LayerWorkspaceMgr memory) {
    return working(memory, input().size(0), to.height(), from.width(), from.channels());
  }

  private boolean picksEvenly() {
    return from.height() % to.height() == 0 && from.width() % to.width() == 0;
  }

  private INDArray picked(INDArray activation) {
    return activation.get(
        all(), every(from.height(), to.height()), every(from.width(), to.width()), all());
  }

  private static INDArrayIndex every(int from, int to) {
    return from == to ? all() : interval(0, from / to, from);
  }

  private static INDArray row(INDArray activation, int y) {
    return activation.get(all(), point(y), all(), all());
  }

  private static INDArray column(INDArray activation, int x) {
    return activation.get(all(), all(), point(x), all());
  }

  private static int nearest(int i, int from, int to) {
    return (int) ((long) i * from / to);
  }
}
