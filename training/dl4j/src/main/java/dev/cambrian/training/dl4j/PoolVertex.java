package dev.cambrian.training.dl4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean over height and width. */
final class PoolVertex extends Vertex {
  private static final long serialVersionUID = 1L;

  PoolVertex(ComputationGraph graph, String name, int index) {
    super(graph, name, index, null);
  }

  /** Rows are added up by a product with ones, which is quick; the few columns on the heap. */
  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray in = input();
    int images = (int) in.size(0);
    int height = (int) in.size(1);
    int channels = (int) in.size(3);
    int row = Math.toIntExact(in.size(2) * channels);
    INDArray ones = working(memory, images, 1, height).assign(1);
    INDArray sums = working(memory, images, 1, row);
    run("matmul", new INDArray[] {ones, in.reshape('c', images, height, row)}, sums);
    float[] columns = new float[images * row];
    HostValues.read(sums, columns, columns.length);
    float[] means = new float[images * channels];
    double share = 1.0 / (in.size(1) * in.size(2));
    for (int image = 0; image < images; image++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int i = image * row + c; i < (image + 1) * row; i += channels) {
          sum += columns[i];
        }
        means[image * channels + c] = (float) (sum * share);
      }
    }
    INDArray output = activation(memory, images, 1, 1, channels);
    HostValues.write(output, means, means.length);
    return output;
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    INDArray in = input();
    INDArray gradient = gradientOf(memory, in).assign(1.0 / (in.size(1) * in.size(2)));
    run("multiply", new INDArray[] {places(gradient), output.reshape('c', in.size(0), 1, in.size(3))},
        places(gradient));
    return gradient;
  }

  private static INDArray places(INDArray activation) {
    return activation.reshape('c', activation.size(0), activation.size(1) * activation.size(2), activation.size(3));
  }
}
