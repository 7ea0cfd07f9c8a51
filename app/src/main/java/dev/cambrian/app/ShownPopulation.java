package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.PopulationState.Alive;
import dev.cambrian.actors.PopulationState.Child;
import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.SettingsDifference;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** A population at one moment, as a person and as a script reads it: counters, settings, the living, the children. */
final class ShownPopulation {
  private static final String ROW = "  %8s  %8s  %12s  %10s  %8s  %s\n";

  private final PopulationState population;
  private final LongFunction<List<IndividualEvent>> biographies;
  private final List<Alive> living;

  ShownPopulation(PopulationState population, LongFunction<List<IndividualEvent>> biographies) {
    this.population = population;
    this.biographies = biographies;
    this.living = population.living().stream()
        .sorted(Comparator.comparingDouble(Alive::fitness).reversed().thenComparing(Alive::id))
        .toList();
  }

  private Optional<Conceived> conceived(long individual) {
    return new Life(biographies.apply(individual)).conceived();
  }

  /**
   * Several lines.
   *
   * @param most how many of the living are listed
   */
  String text(EventText words, int most) {
    StringBuilder text = new StringBuilder();
    text.append(population.experiment()).append(" after event ")
        .append(ProgressText.count(population.head().sequence())).append(", ").append(words.time(population.lastAt()))
        .append(", ").append(ProgressText.duration(population.runningMillis() / 1000.0)).append(" of evolution")
        .append(population.paused() ? ", paused" : "").append('\n');
    text.append(row("individuals", ProgressText.count(population.conceived()) + "   alive " + population.alive()
        + "   training " + population.training() + "   dead " + ProgressText.count(population.dead()) + "   failed "
        + ProgressText.count(population.failed())));
    text.append(row("fitness", "best so far " + population.best()
        .map(best -> EventText.percent(best.fitness()) + " (" + EventText.id(best.id())
            + (isAlive(best.id()) ? "" : ", no longer alive") + ")").orElse("-")
        + "   mean of the living " + ProgressText.percent(mean())));
    text.append(row("spent", ProgressText.flops(population.flops()) + " FLOPs"));
    population.settings().ifPresent(settings -> text.append(row("settings", EventText.settings(settings))));
    String changed = changes();
    text.append(changed.isEmpty() ? "" : row("changed", changed));
    text.append(population.pins().isEmpty() ? "" : row("pinned", "events " + population.pins().keySet().stream()
        .map(Object::toString).collect(Collectors.joining(", "))));
    addLiving(text, most);
    addChildren(text);
    return text.toString().stripTrailing();
  }

  private void addLiving(StringBuilder text, int most) {
    if (living.isEmpty()) {
      text.append("\nNobody is alive.\n");
      return;
    }
    text.append("\nAlive, the fittest first\n");
    text.append(String.format(ROW, "", "fitness", "parameters", "generation", "parent", "made by"));
    for (Alive alive : living.subList(0, Math.min(most, living.size()))) {
      Optional<Conceived> made = conceived(alive.id());
      text.append(String.format(Locale.ROOT, ROW, EventText.id(alive.id()), EventText.percent(alive.fitness()),
          ProgressText.count(alive.parameters()),
          made.map(one -> Integer.toString(one.generation())).orElse("-"),
          parent(made.map(Conceived::parent).orElse(OptionalLong.empty())),
          made.map(one -> EventText.mutations(one.mutations())).orElse("")).stripTrailing()).append('\n');
    }
    if (living.size() > most) {
      text.append("  and ").append(ProgressText.count(living.size() - most)).append(" more; --all lists them.\n");
    }
  }

  private void addChildren(StringBuilder text) {
    if (population.children().isEmpty()) {
      return;
    }
    text.append("\nIn training\n");
    for (Child child : population.children().values()) {
      text.append("  ").append(EventText.id(child.id()))
          .append(child.parent().isPresent() ? " from " + EventText.id(child.parent().getAsLong()) : "")
          .append(child.reset() == 0 ? "" : " again, from fresh weights")
          .append(", attempt ").append(child.attempt())
          .append(child.worker().isEmpty() ? ", waiting for a worker" : ", on " + child.worker()).append('\n');
    }
  }

  /** What was set since the experiment, or this fork of it, began. */
  private String changes() {
    if (population.started().isEmpty() || population.settings().isEmpty()) {
      return "";
    }
    return SettingsDifference.between(population.started().get(), population.settings().get()).stream()
        .map(one -> one.key().replaceFirst("^cambrian\\.[a-z]+\\.", "") + " = " + one.asked() + ", begun with "
            + one.stored())
        .collect(Collectors.joining("; "));
  }

  private boolean isAlive(long individual) {
    return living.stream().anyMatch(alive -> alive.id() == individual);
  }

  private OptionalDouble mean() {
    return living.stream().mapToDouble(Alive::fitness).average();
  }

  private static String parent(OptionalLong parent) {
    return parent.isPresent() ? EventText.id(parent.getAsLong()) : "-";
  }

  private static String row(String label, String value) {
    return String.format(Locale.ROOT, "  %-11s %s\n", label, value);
  }

  /** One object. */
  ObjectNode json() {
    ObjectNode node = Json.object()
        .put("experiment", population.experiment())
        .put("event", population.head().sequence())
        .put("at", population.lastAt().toString())
        .put("elapsedSeconds", population.runningMillis() / 1000.0)
        .put("paused", population.paused())
        .put("individuals", population.conceived())
        .put("alive", population.alive())
        .put("dead", population.dead())
        .put("training", population.training())
        .put("failed", population.failed())
        .put("flops", population.flops());
    node.putNull("best").putNull("bestIndividual").putNull("mean");
    population.best().ifPresent(best -> node.put("best", best.fitness()).put("bestIndividual", best.id()));
    mean().ifPresent(mean -> node.put("mean", mean));
    population.settings().ifPresent(settings -> node.set("settings", Json.tree(settings)));
    ArrayNode alive = node.putArray("living");
    living.forEach(one -> alive.add(json(one)));
    ArrayNode children = node.putArray("children");
    population.children().values().forEach(child -> {
      ObjectNode entry = children.addObject().put("individual", child.id()).put("attempt", child.attempt())
          .put("worker", child.worker()).put("afresh", child.reset() != 0);
      entry.putNull("parent");
      child.parent().ifPresent(parent -> entry.put("parent", parent));
    });
    ArrayNode pins = node.putArray("pins");
    population.pins().keySet().forEach(pins::add);
    return node;
  }

  private ObjectNode json(Alive alive) {
    ObjectNode entry = Json.object()
        .put("individual", alive.id())
        .put("fitness", alive.fitness())
        .put("parameters", alive.parameters())
        .put("attempt", alive.attempt());
    entry.putNull("parent").putNull("generation");
    ArrayNode mutations = entry.putArray("mutations");
    conceived(alive.id()).ifPresent(made -> {
      made.parent().ifPresent(parent -> entry.put("parent", parent));
      entry.put("generation", made.generation());
      made.mutations().forEach(kind -> mutations.add(kind.word()));
    });
    return entry;
  }
}
