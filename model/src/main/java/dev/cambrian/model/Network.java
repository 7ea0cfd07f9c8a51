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

  /**
   * Checks the order of the nodes; not their shapes, which whoever builds a network answers for.
   *
   * @throws IllegalArgumentException where the first node is not the only input, or a node reads one that does not
   *     precede it, or none
   */
  public Network {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least its input");
    }
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (node.operation() instanceof Operation.Input != (i == 0)) {
        throw new IllegalArgumentException("node 0 of a network, and no other, must be the input; node " + i + " is "
            + (i == 0 ? "not" : "one, too"));
      }
      if (node.inputs().isEmpty() != (i == 0)) {
        throw new IllegalArgumentException("node " + i + " must read " + (i == 0 ? "no node" : "a node"));
      }
      for (int input : node.inputs()) {
        if (input < 0 || input >= i) {
          throw new IllegalArgumentException("node " + i + " reads node " + input + ", which does not precede it");
        }
      }
    }
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
