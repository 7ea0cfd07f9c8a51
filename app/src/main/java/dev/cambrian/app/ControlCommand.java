package dev.cambrian.app;

import dev.cambrian.actors.Control;
import dev.cambrian.actors.ControlAnswer;
import dev.cambrian.actors.ControlDecision;
import dev.cambrian.actors.PopulationState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian control}: changes an experiment, also while it evolves. */
@Command(
    name = "control",
    header = "Changes an experiment, also while it evolves.",
    description = {
      "",
      "  set KEY=VALUE...   another value, from the next step on: mutations-per-reproduction, mutation.KIND (as under",
      "                     mutation-weights in application.conf), population, steps, batch, selection,",
      "                     inheritance, keep, paused; 'set' may be left out",
      "  reset-weights      everybody trains again from fresh weights",
      "  pin [EVENT]        keeps the weights of the moment after an event, or of now, so that it can be forked",
      "  unpin EVENT        keeps them no longer",
      "",
      "Every change is an event: it is kept over restarts, and a replay shows it. With --json, for each: id, event (its"
          + " number), change and note.",
      ""
    },
    sortOptions = false)
final class ControlCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "CHANGE", description = "What to change, as above.")
  List<String> words;

  @Option(names = "--id", paramLabel = "ID", description = "A name for this request: asked again with the same, it"
      + " changes nothing and answers with the event of the first time.")
  String id;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    List<Control> changes = ControlWords.parsed(words);
    String request = id == null ? ControlRequest.newId() : ControlRequest.checkedId("--id", id);
    Experiments experiments = common.experiments();
    Steering steering = experiments.steering(name);
    List<ControlRequest> requests = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      requests.add(new ControlRequest(changes.size() == 1 ? request : request + ":" + (i + 1), changes.get(i)));
    }
    if (requests.size() > 1) {
      try (RecordedHistory history = experiments.history(name)) {
        refuseHalf(requests, history.population(history.last()));
      }
    }
    for (ControlRequest one : requests) {
      tell(one, steering);
    }
    return 0;
  }

  /** Of several changes all make sense, one after the other, or none is made. */
  private static void refuseHalf(List<ControlRequest> requests, PopulationState now) {
    PopulationState population = now;
    for (ControlRequest request : requests) {
      ControlDecision decision = ControlDecision.of(population, request.id(), request.change(), Instant.now());
      if (!decision.refusal().isEmpty()) {
        throw UserError.failed(decision.refusal());
      }
      if (decision.event().isPresent()) {
        population = population.after(decision.event().get());
      }
    }
  }

  private void tell(ControlRequest request, Steering steering) throws Exception {
    ControlAnswer answer = steering.control(request);
    common.session().out().println(common.json()
        ? Json.line(Json.control(request, answer))
        : "Event " + answer.event() + ": " + request.text() + ". " + answer.note());
  }
}
