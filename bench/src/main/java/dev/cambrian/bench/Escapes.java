package dev.cambrian.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What became of forks of one trapped population (Real17, Fig. 4 in miniature): a table before, during and after the way
 * out that each tried, and a plot. Reads what {@code bench/escapes} wrote.
 *
 * <p>Usage: {@code Escapes OUT SEED...}
 */
public final class Escapes {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FUTURES = List.of("calm", "mutate", "reset");

  /** Children over which fitness is averaged: five turnovers of the population. */
  private static final int NEWEST = 50;

  /** One child: how many FLOPs all had spent by then, as a share of those before the fork, and its fitness. */
  private record Child(double spent, double fitness) {}

  /** One future of one seed; {@code marks} are where it was steered. */
  private record Run(List<Child> children, List<Double> marks, double testAccuracy) {

    /** The mean fitness of the newest children. */
    double newest(double spent) {
      List<Child> until = children.stream().filter(child -> child.spent() <= spent).toList();
      return until.subList(Math.max(0, until.size() - NEWEST), until.size()).stream()
          .mapToDouble(Child::fitness).average().orElse(0);
    }

    double best(double from, double to) {
      return children.stream().filter(child -> child.spent() > from && child.spent() <= to)
          .mapToDouble(Child::fitness).max().orElse(Double.NaN);
    }
  }

  private Escapes() {}

  /** Prints the table to standard output and writes {@code escapes.svg}. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      System.err.println("usage: Escapes OUT SEED...");
      System.exit(2);
    }
    Path folder = Path.of(arguments[0]);
    Plot plot = new Plot("mean fitness of the newest " + NEWEST + " children; dots: steered; thick: mean of the seeds",
        "FLOPs spent, 1 = at the fork", 0.1, 0.5, 0, 2, 1);
    System.out.println("| seed | future | best before | newest before | newest half-way | newest at the end "
        + "| best of the second half | test accuracy |\n| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (String future : FUTURES) {
      String colour = Plot.colour(FUTURES.indexOf(future));
      List<Run> runs = new ArrayList<>();
      for (String seed : Arrays.asList(arguments).subList(1, arguments.length)) {
        Run run = read(folder, future + "-" + seed);
        runs.add(run);
        plot.thin(colour, run::newest);
        run.marks().forEach(at -> plot.mark(colour, at, run.newest(at)));
        System.out.printf(Locale.ROOT, "| %s | %s | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |%n", seed,
            future, 100 * run.best(0, 1), 100 * run.newest(1), 100 * run.newest(1.5), 100 * run.newest(2),
            100 * run.best(1.5, Double.MAX_VALUE), 100 * run.testAccuracy());
      }
      plot.thick(colour, spent -> runs.stream().mapToDouble(run -> run.newest(spent)).average().orElse(0));
      plot.label(colour, future);
    }
    Files.writeString(folder.resolve("escapes.svg"), plot.svg());
  }

  private static Run read(Path folder, String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(name + ".jsonl"))) {
      rows.add(JSON.readTree(line));
    }
    double unit = rows.stream().filter(row -> row.get("type").asText().equals("forked"))
        .mapToDouble(row -> row.get("spent").asDouble()).findFirst()
        .orElseThrow(() -> new IOException(name + ".jsonl holds no fork"));
    List<Child> children = new ArrayList<>();
    List<Double> marks = new ArrayList<>();
    for (JsonNode row : rows) {
      double spent = row.get("spent").asDouble() / unit;
      switch (row.get("type").asText()) {
        case "child-trained" -> children.add(new Child(spent, row.get("fitness").asDouble()));
        case "settings-changed", "weights-reset" -> marks.add(spent);
        default -> { }
      }
    }
    JsonNode best = JSON.readTree(folder.resolve(name + ".best.json").toFile());
    return new Run(children, marks, best.get("testAccuracy").asDouble());
  }
}
