package dev.cambrian.training.dl4j;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A vertex before there is memory for it: what the library's graph configuration is made of. Belongs to one graph. */
final class VertexPlan extends GraphVertex {
  private static final long serialVersionUID = 1L;

  /** Makes the vertex itself. */
  interface Maker {
    /** {@code parameters} is null where the vertex has none. */
    Vertex make(ComputationGraph graph, String name, int index, INDArray parameters);
  }

  private final transient Maker maker;
  private final long parameters;

  VertexPlan(long parameters, Maker maker) {
    this.parameters = parameters;
    this.maker = maker;
  }

  @Override
  public Vertex instantiate(ComputationGraph graph, String name, int index, INDArray view, boolean initialize,
      DataType type) {
    return maker.make(graph, name, index, view);
  }

  @Override
  public long numParams(boolean backprop) {
    return parameters;
  }

  /** Nothing of it ever changes. */
  @Override
  public GraphVertex clone() {
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public int minVertexInputs() {
    return 1;
  }

  @Override
  public int maxVertexInputs() {
    return Integer.MAX_VALUE;
  }

  @Override
  public InputType getOutputType(int index, InputType... inputs) {
    return inputs[0];
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    return new LayerMemoryReport.Builder(null, VertexPlan.class, inputs[0], inputs[0]).build();
  }
}
