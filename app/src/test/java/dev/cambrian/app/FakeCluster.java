package dev.cambrian.app;

import dev.cambrian.actors.NodeReport;
import dev.cambrian.actors.Status;
import java.util.ArrayList;
import java.util.List;

/** Two nodes that are told to go and stay. */
final class FakeCluster implements ClusterView {
  static final List<NodeReport> NODES = List.of(
      new NodeReport("box1:25520", "box1:25520", "up", List.of("population", "web"), List.of(), List.of()),
      new NodeReport("gpu-1", "box2:25520", "draining", List.of("worker"), List.of(new NodeReport.Device("cpu", 2)),
          List.of(new Status.Training("gpu-1/cpu/1", 512, 2, 38, 150, 161.4))));

  /** Who was told to go, and how. */
  final List<String> told = new ArrayList<>();

  @Override
  public List<NodeReport> nodes() {
    return NODES;
  }

  @Override
  public String metrics() {
    return "# TYPE cambrian_steps_total counter\ncambrian_steps_total 3.0";
  }

  @Override
  public void sendAway(String node, boolean drain) {
    if (NODES.stream().noneMatch(one -> one.node().equals(node))) {
      throw UserError.failed("no node " + node + " answers.");
    }
    told.add(node + (drain ? " drains" : " leaves"));
  }
}
