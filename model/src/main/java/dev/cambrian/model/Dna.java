package dev.cambrian.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The genotype of Real17: a directed acyclic graph of vertices and edges, and how it is trained. One vertex is the
 * input (nothing enters it), one the output (nothing leaves it), and every other lies on a way between them. A vertex's
 * incoming and outgoing edges are read off the edges' ends, which alone say how the graph hangs together.
 *
 * @param vertices in any order
 * @param edges in any order, at most one from a vertex to another
 * @param learningRate above 0
 * @param weightDecay 0 or more (Real17: 1e-4)
 * @param nextId the id of the next vertex or edge; carried from parent to child, so that an id, once given, means the
 *     same thing in a whole lineage and weights are never inherited by something else
 */
public record Dna(List<Vertex> vertices, List<Edge> edges, double learningRate, double weightDecay, int nextId) {

  /** The edge that comes first decides: highest precedence, then, where precedences are equal, the oldest. */
  static final Comparator<Edge> BY_DEPTH_PRECEDENCE =
      Comparator.comparingDouble(Edge::depthPrecedence).reversed().thenComparingInt(Edge::id);

  static final Comparator<Edge> BY_SCALE_PRECEDENCE =
      Comparator.comparingDouble(Edge::scalePrecedence).reversed().thenComparingInt(Edge::id);

  /**
   * Checks the graph.
   *
   * @throws IllegalArgumentException with one sentence, where it has a cycle, a loose end, an edge to nowhere, an id or
   *     an edge twice, or a number out of range
   */
  public Dna {
    vertices = List.copyOf(vertices);
    edges = List.copyOf(edges);
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException("the learning rate must be above 0, not " + learningRate);
    }
    if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
      throw new IllegalArgumentException("the weight decay must be 0 or more, not " + weightDecay);
    }
    checkIds(vertices, edges, nextId);
    checkEnds(vertices, edges);
    if (topologicalOrder(vertices, edges).size() != vertices.size()) {
      throw new IllegalArgumentException("the graph has a cycle");
    }
  }

  private static void checkIds(List<Vertex> vertices, List<Edge> edges, int nextId) {
    Set<Integer> ids = new HashSet<>();
    for (Vertex vertex : vertices) {
      checkId(vertex.id(), nextId, ids);
    }
    for (Edge edge : edges) {
      checkId(edge.id(), nextId, ids);
    }
  }

  private static void checkId(int id, int nextId, Set<Integer> ids) {
    if (id < 0 || id >= nextId) {
      throw new IllegalArgumentException("the id " + id + " is not between 0 and the next id " + nextId);
    }
    if (!ids.add(id)) {
      throw new IllegalArgumentException("the id " + id + " is given twice");
    }
  }

  /** A graph with one source, one sink and no cycle has every vertex on a way from the one to the other. */
  private static void checkEnds(List<Vertex> vertices, List<Edge> edges) {
    Set<Integer> sources = new HashSet<>();
    Set<Integer> sinks = new HashSet<>();
    vertices.forEach(vertex -> sources.add(vertex.id()));
    sinks.addAll(sources);
    Set<Integer> known = Set.copyOf(sources);
    Set<Long> pairs = new HashSet<>();
    for (Edge edge : edges) {
      if (!known.contains(edge.source()) || !known.contains(edge.target())) {
        throw new IllegalArgumentException("edge " + edge.id() + " goes from vertex " + edge.source() + " to vertex "
            + edge.target() + ", and there is no vertex "
            + (known.contains(edge.source()) ? edge.target() : edge.source()));
      }
      if (!pairs.add(pair(edge.source(), edge.target()))) {
        throw new IllegalArgumentException(
            "two edges go from vertex " + edge.source() + " to vertex " + edge.target());
      }
      sources.remove(edge.target());
      sinks.remove(edge.source());
    }
    if (sources.size() != 1 || sinks.size() != 1) {
      throw new IllegalArgumentException("the graph needs one vertex that nothing enters and one that nothing leaves, "
          + "not " + sources.size() + " and " + sinks.size());
    }
    if (sources.equals(sinks)) {
      throw new IllegalArgumentException("the input and the output of the graph must be two vertices");
    }
  }

  private static long pair(int source, int target) {
    return (long) source << 32 | target;
  }

  private static List<Vertex> topologicalOrder(List<Vertex> vertices, List<Edge> edges) {
    Map<Integer, Integer> waitingFor = new HashMap<>();
    Map<Integer, List<Integer>> targets = new HashMap<>();
    for (Edge edge : edges) {
      waitingFor.merge(edge.target(), 1, Integer::sum);
      targets.computeIfAbsent(edge.source(), none -> new ArrayList<>()).add(edge.target());
    }
    Map<Integer, Vertex> byId = new HashMap<>();
    ArrayDeque<Vertex> ready = new ArrayDeque<>();
    for (Vertex vertex : vertices) {
      byId.put(vertex.id(), vertex);
      if (!waitingFor.containsKey(vertex.id())) {
        ready.add(vertex);
      }
    }
    List<Vertex> order = new ArrayList<>(vertices.size());
    while (!ready.isEmpty()) {
      Vertex vertex = ready.remove();
      order.add(vertex);
      for (int target : targets.getOrDefault(vertex.id(), List.of())) {
        if (waitingFor.merge(target, -1, Integer::sum) == 0) {
          ready.add(byId.get(target));
        }
      }
    }
    return order;
  }

  /** The vertices in an order in which every edge points forward: the input first, the output last. */
  public List<Vertex> topologicalOrder() {
    return topologicalOrder(vertices, edges);
  }

  /** The vertex of an id. */
  public Vertex vertex(int id) {
    for (Vertex vertex : vertices) {
      if (vertex.id() == id) {
        return vertex;
      }
    }
    throw new IllegalArgumentException("there is no vertex " + id);
  }

  /** The edge of an id. */
  public Edge edge(int id) {
    for (Edge edge : edges) {
      if (edge.id() == id) {
        return edge;
      }
    }
    throw new IllegalArgumentException("there is no edge " + id);
  }

  /** The edges that enter a vertex, the primary one first. */
  public List<Edge> incoming(int vertex) {
    List<Edge> incoming = new ArrayList<>();
    for (Edge edge : edges) {
      if (edge.target() == vertex) {
        incoming.add(edge);
      }
    }
    incoming.sort(BY_DEPTH_PRECEDENCE);
    return incoming;
  }

  /**
   * The backbone: the edges from input to output that one meets, going back from the output, by always following the
   * incoming edge of highest precedence. (Depth decides; the mutations give a backbone edge the highest of both kinds.)
   */
  public List<Edge> backbone() {
    Map<Integer, Edge> primaries = new HashMap<>();
    Set<Integer> left = new HashSet<>();
    for (Edge edge : edges) {
      primaries.merge(edge.target(), edge, (a, b) -> BY_DEPTH_PRECEDENCE.compare(a, b) <= 0 ? a : b);
      left.add(edge.source());
    }
    int output = vertices.stream().mapToInt(Vertex::id).filter(id -> !left.contains(id)).findFirst().orElseThrow();
    List<Edge> backbone = new ArrayList<>();
    for (Edge edge = primaries.get(output); edge != null; edge = primaries.get(edge.source())) {
      backbone.add(edge);
    }
    Collections.reverse(backbone);
    return backbone;
  }

  /** The skips: the edges that join two vertices of the backbone without being part of it. */
  public List<Edge> skips() {
    List<Edge> backbone = backbone();
    Set<Integer> vertices = verticesOf(backbone);
    return edges.stream()
        .filter(edge -> vertices.contains(edge.source()) && vertices.contains(edge.target()))
        .filter(edge -> !backbone.contains(edge))
        .toList();
  }

  private static Set<Integer> verticesOf(List<Edge> path) {
    Set<Integer> vertices = new HashSet<>();
    for (Edge edge : path) {
      vertices.add(edge.source());
      vertices.add(edge.target());
    }
    return vertices;
  }

  /** Whether an edge goes from one vertex to another. */
  public boolean joined(int source, int target) {
    for (Edge edge : edges) {
      if (edge.source() == source && edge.target() == target) {
        return true;
      }
    }
    return false;
  }

  /** Whether mutations may remove or alter an edge: neither of its ends shields it. */
  public boolean isMutable(Edge edge) {
    return vertex(edge.source()).outputsMutable() && vertex(edge.target()).inputsMutable();
  }

  /** The convolutions that mutations may alter. */
  public List<Edge> mutableConvolutions() {
    return edges.stream().filter(edge -> edge.type() == Edge.Type.CONV && isMutable(edge)).toList();
  }

  /** The same genotype with another learning rate. */
  public Dna withLearningRate(double learningRate) {
    return new Dna(vertices, edges, learningRate, weightDecay, nextId);
  }

  /** The same genotype with an edge in place of the one of the same id. */
  public Dna withEdge(Edge changed) {
    return withEdges(edges.stream().map(edge -> edge.id() == changed.id() ? changed : edge).toList());
  }

  /** The same vertices, joined by other edges, with room for new ids up to and including theirs. */
  public Dna withEdges(List<Edge> edges) {
    return withGraph(vertices, edges);
  }

  /** Another graph, trained in the same way, with room for new ids up to and including its own. */
  public Dna withGraph(List<Vertex> vertices, List<Edge> edges) {
    int next = nextId;
    for (Vertex vertex : vertices) {
      next = Math.max(next, vertex.id() + 1);
    }
    for (Edge edge : edges) {
      next = Math.max(next, edge.id() + 1);
    }
    return new Dna(vertices, edges, learningRate, weightDecay, next);
  }
}
