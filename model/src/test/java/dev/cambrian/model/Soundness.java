package dev.cambrian.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Network.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks genotypes and networks by rules of its own, sharing no code with what it checks. */
final class Soundness {
  private Soundness() {}

  /** No cycle; every vertex reached from the input and reaching the output; one backbone that outranks every skip. */
  static void check(Dna dna) {
    Map<Integer, List<Integer>> forward = new HashMap<>();
    Map<Integer, List<Integer>> back = new HashMap<>();
    Set<Integer> ids = new HashSet<>();
    for (Vertex vertex : dna.vertices()) {
      forward.put(vertex.id(), new ArrayList<>());
      back.put(vertex.id(), new ArrayList<>());
      assertTrue(ids.add(vertex.id()) && vertex.id() < dna.nextId(), () -> "id of " + vertex);
    }
    Map<Integer, Integer> backboneEdgesInto = new HashMap<>();
    for (Edge edge : dna.edges()) {
      assertTrue(ids.add(edge.id()) && edge.id() < dna.nextId(), () -> "id of " + edge);
      assertTrue(!forward.get(edge.source()).contains(edge.target()), () -> "duplicate " + edge);
      forward.get(edge.source()).add(edge.target());
      back.get(edge.target()).add(edge.source());
      boolean primary = edge.depthPrecedence() == 1 && edge.scalePrecedence() == 1;
      backboneEdgesInto.merge(edge.target(), primary ? 1 : 0, Integer::sum);
      assertTrue(primary || edge.depthPrecedence() < 1 && edge.scalePrecedence() < 1, () -> "precedence of " + edge);
      assertTrue(primary || edge.type() == Edge.Type.IDENTITY, () -> "a skip that is no identity: " + edge);
    }
    // The genotypes that mutations lead to: input is vertex 0, output vertex 1.
    assertEquals(dna.vertices().size(), reached(0, forward).size(), "vertices reached from the input");
    assertEquals(dna.vertices().size(), reached(1, back).size(), "vertices that reach the output");
    backboneEdgesInto.forEach((vertex, count) -> assertEquals(1, count, () -> "backbone edges into " + vertex));
    assertAcyclic(0, forward, new HashMap<>());
    assertEquals(dna.vertices().size() - 1, dna.backbone().size(), "every vertex lies on the backbone");
  }

  private static Set<Integer> reached(int from, Map<Integer, List<Integer>> next) {
    Set<Integer> seen = new HashSet<>(Set.of(from));
    List<Integer> open = new ArrayList<>(List.of(from));
    while (!open.isEmpty()) {
      for (int other : next.get(open.remove(open.size() - 1))) {
        if (seen.add(other)) {
          open.add(other);
        }
      }
    }
    return seen;
  }

  private static void assertAcyclic(int at, Map<Integer, List<Integer>> next, Map<Integer, Boolean> left) {
    left.put(at, false);
    for (int other : next.get(at)) {
      Boolean state = left.get(other);
      assertTrue(state == null || state, () -> "a cycle through " + other);
      if (state == null) {
        assertAcyclic(other, next, left);
      }
    }
    left.put(at, true);
  }

  /** Every node's shape is what its operation makes of its inputs' shapes; every node but the last is read. */
  static void check(Network network, Shape input, int classes) {
    List<Node> nodes = network.nodes();
    Set<Integer> read = new HashSet<>();
    Set<String> variables = new HashSet<>();
    assertEquals(input, network.inputShape());
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      read.addAll(node.inputs());
      List<Shape> in = node.inputs().stream().map(index -> nodes.get(index).shape()).toList();
      if (i > 0) {
        assertEquals(outputShape(node.operation(), in), node.shape(), () -> node + " of inputs " + in);
      }
      for (Variable variable : node.operation().variables()) {
        assertTrue(variables.add(variable.id()), () -> variable.id() + " twice");
      }
    }
    assertEquals(nodes.size() - 1, read.size(), "nodes that are read");
    assertEquals(new Shape(classes, 1, 1), nodes.get(nodes.size() - 1).shape());
  }

  private static Shape outputShape(Operation operation, List<Shape> inputs) {
    Shape in = inputs.get(0);
    if (!(operation instanceof Operation.Add)) {
      assertEquals(1, inputs.size(), () -> "inputs of " + operation);
    }
    if (operation instanceof Operation.Convolution convolution) {
      List<Integer> filter = convolution.filter().shape();
      assertEquals(in.channels(), filter.get(1));
      return new Shape(
          filter.get(0),
          convolved(in.height(), filter.get(2), convolution.stride()),
          convolved(in.width(), filter.get(3), convolution.stride()));
    }
    if (operation instanceof Operation.BatchNorm batchNorm) {
      batchNorm.variables().forEach(variable -> assertEquals(List.of(in.channels()), variable.shape()));
      return in;
    }
    if (operation instanceof Operation.Relu) {
      return in;
    }
    if (operation instanceof Operation.Resize resize) {
      assertTrue(in.height() != resize.height() || in.width() != resize.width(), "a resize that does nothing");
      return new Shape(in.channels(), resize.height(), resize.width());
    }
    if (operation instanceof Operation.FitChannels fit) {
      assertTrue(in.channels() != fit.channels(), "a fit that does nothing");
      return new Shape(fit.channels(), in.height(), in.width());
    }
    if (operation instanceof Operation.Add) {
      assertTrue(inputs.size() > 1, "an add of one");
      inputs.forEach(other -> assertEquals(in, other));
      return in;
    }
    if (operation instanceof Operation.GlobalAveragePool) {
      return new Shape(in.channels(), 1, 1);
    }
    if (operation instanceof Operation.Linear linear) {
      assertEquals(in.size(), linear.weight().shape().get(1).longValue());
      assertEquals(linear.bias().shape().get(0), linear.weight().shape().get(0));
      return new Shape(linear.bias().shape().get(0), 1, 1);
    }
    throw new AssertionError("a layer that no rule knows: " + operation);
  }

  /** The textbook's formula for a padded convolution: floor((n + 2 padding - kernel) / stride) + 1. */
  private static int convolved(int side, int kernel, int stride) {
    assertEquals(1, kernel % 2, "kernels are odd");
    assertEquals(1, Integer.bitCount(stride), "strides are powers of 2");
    return (int) (((long) side + 2L * (kernel / 2) - kernel) / stride) + 1;
  }
}
