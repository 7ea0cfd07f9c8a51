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

  @Override
  INDArray forward(boolean training, LayerWorkspaceMgr memory) {
    INDArray in = input();
    INDArray output = activation(memory, in.size(0), 1, 1, in.size(3));
    places(in).sum(output.reshape('c', in.size(0), in.size(3)), 1);
    return output.divi(in.size(1) * in.size(2));
  }

  @Override
  INDArray backward(INDArray output, LayerWorkspaceMgr memory) {
    INDArray in = input();
    if (readsImages()) {
      return gradientOf(memory, in);
    }
    INDArray gradient = gradientOf(memory, in).assign(1.0 / (in.size(1) * in.size(2)));
    run("multiply", new INDArray[] {places(gradient), output.reshape('c', in.size(0), 1, in.size(3))},
        places(gradient));
    return gradient;
  }

  private static INDArray places(INDArray activation) {
    return activation.reshape('c', activation.size(0), activation.size(1) * activation.size(2), activation.size(3));
  }
}
