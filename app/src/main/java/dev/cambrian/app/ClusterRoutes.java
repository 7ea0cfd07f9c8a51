package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked of a node about its cluster over HTTP, and how its nodes are sent away. */
final class ClusterRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterRoutes.class);
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private ClusterRoutes() {}

  /** The routes over one cluster. */
  static List<Route> of(ClusterView cluster) {
    return List.of(
        Route.get("/cluster", "The nodes of the cluster, and who trains what for how long.", List.of(),
            Route.Reply.json("The object of 'cluster status --json'.",
                JsonSchema.object(JsonSchema.fields().and("nodes", Json.nodesSchema()))),
            asked -> Answer.of(Json.object().set("nodes", Json.nodes(cluster.nodes())))),
        Route.get("/metrics", "What this node counts and times; on the node of the population, also the experiment's"
                + " progress.", List.of(),
            new Route.Reply("Metrics for Prometheus.",
                Map.of(METRICS, JsonSchema.text("Prometheus' text format."))),
            asked -> Answer.of(METRICS, cluster.metrics())),
        departure(cluster, "leave", false,
            "Tells a node to leave and end; what it trains is handed to others at once."),
        departure(cluster, "drain", true,
            "Tells a node to leave and end once it has finished what it trains; it begins nothing new."));
  }

  private static Route departure(ClusterView cluster, String word, boolean drain, String summary) {
    return Route.post("/cluster/" + word, summary,
        JsonSchema.object(JsonSchema.fields().and("node", JsonSchema.text("The node's name."))),
        Route.Reply.json("It has begun to.", JsonSchema.object(JsonSchema.fields()
            .and("node", JsonSchema.text("The node's name."))
            .and("note", JsonSchema.text("What happens now.")))),
        asked -> {
          ObjectNode body = asked.body();
          if (body.size() != 1 || !body.path("node").isTextual()) {
            throw UserError.usage("the body must be {\"node\": NAME}, with a node's name.");
          }
          String node = body.path("node").asText();
          cluster.sendAway(node, drain);
          LOG.info("node {} was told to {}", node, word);
          return Answer.of(Json.object().put("node", node).put("note", drain
              ? "It finishes what it trains, begins nothing new, and then leaves and ends."
              : "It hands back what it trains, leaves and ends."));
        });
  }
}
