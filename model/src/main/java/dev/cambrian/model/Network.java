package dev.cambrian.model;

import java.util.List;

/**
 * The phenotype: an immutable graph of standard layer operations with static shapes and a stable id for every variable.
 * The narrow waist of Cambrian: every genotype is expressed as one, every engine trains one.
 *
 * @param nodes in topological order: a node's inputs have smaller indices; node 0 is the input, the last node holds the
 *     class scores
 */
public record Network(List<Node> nodes) {

  /**
   * One operation, the indices of the nodes it reads, and the shape it yields.
   *
   * @param name where it comes from in the genotype, for diagrams, e.g. {@code "e7"} or {@code "v3"}
   */
  public record Node(String name, Operation operation, List<Integer> inputs, Shape shape) {
    public Node {
      inputs = List.copyOf(inputs);
    }
  }

  public Network {
    nodes = List.copyOf(nodes);
  }

  /** The shape of one image. */
  public Shape inputShape() {
    return nodes.get(0).shape();
  }

  /** The number of classes. */
  public int classes() {
    return nodes.get(nodes.size() - 1).shape().channels();
  }

  /** Every variable, in the order of the nodes. */
  public List<Variable> variables() {
    return nodes.stream().flatMap(node -> node.operation().variables().stream()).toList();
  }

  /** The number of trained values: the paper's "parameters". */
  public long parameters() {
    return variables().stream().filter(Variable::trained).mapToLong(Variable::size).sum();
  }
}
