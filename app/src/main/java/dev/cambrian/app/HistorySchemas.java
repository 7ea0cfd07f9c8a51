package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The schemas of what {@code replay}, {@code show} and {@code lineage} tell as JSON. */
final class HistorySchemas {
  private HistorySchemas() {}

  /** What {@link EventJson#of} writes. */
  static ObjectNode event() {
    return JsonSchema.object(told()
        .and("mutations", mutations("That made the child that it assigns."))
        .and("fields", JsonSchema.anyObject("What is stored; it differs from type to type.")));
  }

  private static JsonSchema.Fields told() {
    return JsonSchema.fields()
        .and("event", JsonSchema.whole("Its number.", 1))
        .and("at", JsonSchema.text("When, in ISO-8601, in UTC."))
        .and("type", JsonSchema.text("What kind of event it is."))
        .and("text", JsonSchema.text("What happened, for a person."));
  }

  /** What {@link ShownPopulation#json} writes. */
  static ObjectNode population() {
    return JsonSchema.object(JsonSchema.fields()
        .and("experiment", JsonSchema.text("Its name."))
        .and("event", JsonSchema.whole("The moment: right after this event.", 1))
        .and("at", JsonSchema.text("When that was, in ISO-8601, in UTC."))
        .and("elapsedSeconds", JsonSchema.number("Seconds of evolution, all sittings together."))
        .and("paused", JsonSchema.truth("Whether nothing new was assigned."))
        .and("individuals", JsonSchema.whole("Individuals ever conceived.", 0))
        .and("alive", JsonSchema.whole("Individuals alive.", 0))
        .and("dead", JsonSchema.whole("Individuals that were killed.", 0))
        .and("training", JsonSchema.whole("Individuals in training.", 0))
        .and("failed", JsonSchema.whole("Individuals that never lived.", 0))
        .and("flops", JsonSchema.number("Floating-point operations spent."))
        .and("best", JsonSchema.orNull(JsonSchema.number("The best fitness so far, 0 to 1.")))
        .and("bestIndividual", JsonSchema.orNull(JsonSchema.whole("Who has it.", 1)))
        .and("mean", JsonSchema.orNull(JsonSchema.number("The mean fitness of the living.")))
        .maybe("settings", JsonSchema.anyObject("The settings that were in force."))
        .and("living", JsonSchema.list("The living, the fittest first.", JsonSchema.object(JsonSchema.fields()
            .and("individual", JsonSchema.whole("Its number.", 1))
            .and("fitness", JsonSchema.number("Accuracy on the validation set, 0 to 1."))
            .and("parameters", JsonSchema.whole("Trained values.", 0))
            .and("attempt", JsonSchema.whole("The attempt that ended in this fitness.", 1))
            .and("parent", parent())
            .and("generation", generation())
            .and("mutations", mutations("That made it.")))))
        .and("children", JsonSchema.list("Those in training.", JsonSchema.object(JsonSchema.fields()
            .and("individual", JsonSchema.whole("Its number.", 1))
            .and("attempt", JsonSchema.whole("The attempt.", 1))
            .and("worker", JsonSchema.text("Who trains it; empty where it waits."))
            .and("afresh", JsonSchema.truth("Whether from fresh weights again."))
            .and("parent", parent()))))
        .and("pins", JsonSchema.list("Events whose weights are kept.", JsonSchema.whole("An event.", 1))));
  }

  /** What {@link LifeStory#json} writes. */
  static ObjectNode individual() {
    return JsonSchema.object(JsonSchema.fields()
        .and("experiment", JsonSchema.text("Its experiment."))
        .and("event", JsonSchema.whole("The moment: right after this event.", 1))
        .and("individual", JsonSchema.whole("Its number.", 1))
        .and("state", JsonSchema.choice("What it was then.",
            List.of("training", "alive", "dead", "failed")))
        .and("parent", parent())
        .and("generation", generation())
        .and("parameters", JsonSchema.orNull(JsonSchema.whole("Trained values.", 0)))
        .and("inherits", JsonSchema.orNull(
            JsonSchema.truth("Whether it inherits its parent's weights.")))
        .and("mutations", mutations("That made it."))
        .maybe("genotype", JsonSchema.anyObject("Its genotype."))
        .and("fitness", JsonSchema.orNull(JsonSchema.number("Accuracy on the validation set, 0 to 1.")))
        .and("testAccuracy", JsonSchema.orNull(JsonSchema.number("Accuracy on the test set, where it was read.")))
        .and("events", JsonSchema.list("The events that concern it.", JsonSchema.object(told())))
        .and("curve", JsonSchema.list("Its training.", JsonSchema.object(JsonSchema.fields()
            .and("step", JsonSchema.whole("Batches done.", 0))
            .and("loss", JsonSchema.number("Mean training loss since the point before."))
            .and("accuracy", JsonSchema.number("Accuracy on training images since the point before."))))));
  }

  /** What {@link Lineage#json} writes. */
  static ObjectNode lineage() {
    return JsonSchema.object(JsonSchema.fields()
        .and("experiment", JsonSchema.text("Its experiment."))
        .and("individual", JsonSchema.whole("Whose ancestors they are.", 1))
        .and("lineage", JsonSchema.list("From the initial individual down to it.", JsonSchema.object(JsonSchema.fields()
            .and("individual", JsonSchema.whole("Its number.", 1))
            .and("parent", parent())
            .and("generation", JsonSchema.whole("0 for an initial individual.", 0))
            .and("mutations", mutations("That made it from its parent."))
            .and("inherits", JsonSchema.truth("Whether it inherits weights."))
            .and("parameters", JsonSchema.whole("Trained values.", 0))
            .and("fitness", JsonSchema.orNull(JsonSchema.number("Accuracy on the validation set, 0 to 1.")))
            .and("gain", JsonSchema.orNull(JsonSchema.number("Its fitness less its parent's.")))
            .and("flops", JsonSchema.number("Floating-point operations of its training and validation."))))));
  }

  private static ObjectNode parent() {
    return JsonSchema.orNull(JsonSchema.whole("Its parent; null for an initial individual.", 1));
  }

  private static ObjectNode generation() {
    return JsonSchema.orNull(JsonSchema.whole("0 for an initial individual; null before it is made.", 0));
  }

  private static ObjectNode mutations(String description) {
    return JsonSchema.list(description, JsonSchema.text("A kind of mutation, e.g. insert-convolution."));
  }
}
