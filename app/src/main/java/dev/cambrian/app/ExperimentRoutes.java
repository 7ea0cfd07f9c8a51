package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.persistence.ExperimentHome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be asked of a running experiment over HTTP, and how it can be changed. */
final class ExperimentRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ExperimentRoutes.class);

  private ExperimentRoutes() {}

  /** The routes over one experiment. */
  static List<Route> of(ExperimentView experiment, Steering steering) {
    List<Route> routes = new ArrayList<>(List.of(
        status(experiment::status),
        Route.get("/best", "The best model so far; its files are written.", List.of(),
            Route.Reply.json("The object of 'best --json', and the network drawn as text.", Json.bestSchema()),
            asked -> Answer.of(Json.bestWithArchitecture(experiment.best()))),
        Route.get("/engine", "What trains its individuals.", List.of(),
            Route.Reply.json("The engine.", JsonSchema.object(JsonSchema.fields()
                .and("engine", JsonSchema.text("Its name.")))),
            asked -> Answer.of(Json.object().put("engine", experiment.engine()))),
        Route.get("/digest", "The state of its population in short, to compare with its history.", List.of(),
            Route.Reply.json("The digest of a state that is on disk.", Json.digestSchema()),
            asked -> Answer.of(Json.digest(experiment.digest()))),
        Route.post("/control", "Changes one thing about the experiment, for all that is begun after it.",
            ControlRequest.schema(),
            Route.Reply.json("The event that the change is, now or when it was asked for the first time.",
                Json.controlSchema()),
            asked -> control(ControlRequest.of(asked.body()), steering))));
    routes.addAll(HistoryRoutes.of(new ExperimentHome(experiment.folder())));
    return routes;
  }

  /** How far the experiment is. */
  static Route status(Callable<ObjectNode> status) {
    return Route.get("/status", "How far the experiment is.", List.of(),
        Route.Reply.json("The object of 'status --json'.", Json.statusSchema()),
        asked -> Answer.of(status.call()));
  }

  private static Answer control(ControlRequest request, Steering steering) throws Exception {
    ControlAnswer answer = steering.control(request);
    LOG.info("request {} for {} is event {}", request.id(), request.text(), answer.event());
    return Answer.of(Json.control(request, answer));
  }
}
