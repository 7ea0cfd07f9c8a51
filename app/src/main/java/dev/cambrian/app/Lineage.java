package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.model.MutationKind;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent.Trained;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** An individual and its ancestors, from the initial one down to it: what each step changed, and what that brought. */
record Lineage(String experiment, List<Step> steps) {

  /**
   * One individual of the line.
   *
   * @param mutations that made it from the one before; none for an initial individual
   * @param fitness of its last result; empty where it has none
   * @param gain its fitness less that of the one before
   * @param flops that its last training took, 0 without one
   */
  record Step(
      long individual,
      OptionalLong parent,
      int generation,
      List<MutationKind> mutations,
      boolean inherits,
      long parameters,
      OptionalDouble fitness,
      OptionalDouble gain,
      double flops) {

    /** The mutations, or what an initial individual is. */
    String madeBy() {
      return parent.isEmpty() ? "initial" : EventText.mutations(mutations);
    }
  }

  Lineage {
    steps = List.copyOf(steps);
  }

  /**
   * The lineage of an individual.
   *
   * @throws UserError where its biography, or an ancestor's, is not there
   */
  static Lineage of(String experiment, long individual, LongFunction<List<IndividualEvent>> biographies) {
    Deque<Life> lives = new ArrayDeque<>();
    OptionalLong next = OptionalLong.of(individual);
    while (next.isPresent()) {
      Life life = new Life(biographies.apply(next.getAsLong()));
      Optional<Conceived> conceived = life.conceived();
      if (conceived.isEmpty()) {
        throw UserError.failed(next.getAsLong() == individual
            ? "there is no individual " + individual + " in " + experiment + ", or it has not been made yet."
            : "the biography of individual " + next.getAsLong() + ", an ancestor, was lost.");
      }
      lives.addFirst(life);
      next = conceived.get().parent();
    }
    List<Step> steps = new ArrayList<>();
    OptionalDouble before = OptionalDouble.empty();
    for (Life life : lives) {
      Conceived made = life.conceived().orElseThrow();
      Optional<Trained> trained = life.lastTrained();
      OptionalDouble fitness = trained.map(result -> OptionalDouble.of(result.fitness())).orElse(OptionalDouble.empty());
      OptionalDouble gain = before.isPresent() && fitness.isPresent()
          ? OptionalDouble.of(fitness.getAsDouble() - before.getAsDouble()) : OptionalDouble.empty();
      steps.add(new Step(made.id(), made.parent(), made.generation(), made.mutations(), made.inherits(),
          made.parameters(), fitness, gain, trained.map(Trained::flops).orElse(0.0)));
      before = fitness;
    }
    return new Lineage(experiment, steps);
  }

  /** The individual whose lineage it is. */
  Step last() {
    return steps.get(steps.size() - 1);
  }

  /** A sentence above the steps. */
  String title() {
    return "Lineage of individual " + last().individual() + " of " + experiment + ": "
        + (steps.size() == 1 ? "an initial individual" : steps.size() - 1 + " steps from individual "
            + steps.get(0).individual());
  }

  /** For a terminal: a line a step. */
  String text() {
    String row = "%10s  %9s  %8s  %6s  %12s  %s\n";
    StringBuilder text = new StringBuilder(title()).append('\n');
    text.append(String.format(row, "generation", "", "fitness", "gain", "parameters", "made by"));
    for (Step step : steps) {
      text.append(String.format(Locale.ROOT, row, step.generation(), EventText.id(step.individual()),
          ProgressText.percent(step.fitness()), gain(step), ProgressText.count(step.parameters()), step.madeBy()));
    }
    return text.toString().stripTrailing();
  }

  private static String gain(Step step) {
    return step.gain().isPresent() ? EventText.gain(step.gain().getAsDouble()) : "";
  }

  /** For scripts. */
  ObjectNode json() {
    ObjectNode node = Json.object().put("experiment", experiment).put("individual", last().individual());
    ArrayNode line = node.putArray("lineage");
    for (Step step : steps) {
      ObjectNode entry = line.addObject().put("individual", step.individual());
      entry.putNull("parent");
      step.parent().ifPresent(parent -> entry.put("parent", parent));
      entry.put("generation", step.generation());
      ArrayNode mutations = entry.putArray("mutations");
      step.mutations().forEach(kind -> mutations.add(kind.word()));
      entry.put("inherits", step.inherits()).put("parameters", step.parameters());
      entry.putNull("fitness").putNull("gain");
      step.fitness().ifPresent(fitness -> entry.put("fitness", fitness));
      step.gain().ifPresent(gain -> entry.put("gain", gain));
      entry.put("flops", step.flops());
    }
    return node;
  }

  /** For Graphviz. */
  String dot() {
    StringBuilder dot = new StringBuilder("digraph lineage {\n");
    dot.append("  label=\"").append(title()).append("\";\n");
    dot.append("  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n");
    for (Step step : steps) {
      dot.append(String.format(Locale.ROOT, "  %d [label=\"#%d\\n%s\\n%s parameters\"];\n", step.individual(),
          step.individual(), ProgressText.percent(step.fitness()), ProgressText.count(step.parameters())));
    }
    for (Step step : steps) {
      step.parent().ifPresent(parent -> dot.append(String.format(Locale.ROOT, "  %d -> %d [label=\"%s\"];\n", parent,
          step.individual(), (step.madeBy() + "\\n" + gain(step)))));
    }
    return dot.append("}").toString();
  }
}
