package dev.cambrian.training.dl4j;

import dev.cambrian.model.Network;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Idle graphs, so that a network that is trained again (many mutations change no layer) need not be built again. Owns the
 * native memory of the graphs in it, the most recently used few; a graph that is lent belongs to whoever has it.
 */
final class GraphCache implements AutoCloseable {
  /** More values than this, over all idle graphs, are not kept: 64 MiB of variables and as much of gradients. */
  private static final long MOST_VALUES = 16L << 20;
  private static final int MOST_GRAPHS = 16;

  private final Map<Network, NetworkGraph> idle = new LinkedHashMap<>();
  private long values;
  private boolean closed;

  /** A graph of the network, for the caller alone until it is given back or closed. */
  NetworkGraph take(Network network) {
    synchronized (this) {
      NetworkGraph graph = idle.remove(network);
      if (graph != null) {
        values -= graph.variables().length();
        return graph;
      }
    }
    return NetworkGraph.of(network);
  }

  /** Takes a graph back; frees what there is no room for. */
  synchronized void give(Network network, NetworkGraph graph) {
    if (closed || idle.containsKey(network)) {
      graph.close();
      return;
    }
    idle.put(network, graph);
    values += graph.variables().length();
    Iterator<NetworkGraph> oldest = idle.values().iterator();
    while (idle.size() > MOST_GRAPHS || values > MOST_VALUES) {
      NetworkGraph next = oldest.next();
      oldest.remove();
      values -= next.variables().length();
      next.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.values().forEach(NetworkGraph::close);
    idle.clear();
    values = 0;
  }
}
