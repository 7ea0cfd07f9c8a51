package dev.cambrian.app;

import dev.cambrian.actors.NodeReport;
import java.util.List;

/** What can be asked of a cluster at any of its nodes. */
interface ClusterView {

  /** Its members, by name. */
  List<NodeReport> nodes() throws Exception;

  /** What the node that is asked counts and times, in Prometheus' text format. */
  String metrics();

  /**
   * Tells a node to leave and end.
   *
   * @param drain whether it finishes first what it trains
   * @throws UserError where there is none of that name
   */
  void sendAway(String node, boolean drain) throws Exception;
}
