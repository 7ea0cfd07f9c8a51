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
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The best validation accuracy over wall time of several kinds of run, each repeated with several seeds: a table of
 * medians and a plot. Reads what {@code ./cambrian evolve --json} printed.
 *
 * <p>Usage: {@code Curves PLOT.svg LABEL=RUN.jsonl,RUN.jsonl,... [LABEL=...]...}
 */
public final class Curves {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Curves() {}

  /** One run: its best fitness so far by elapsed seconds, how many individuals it trained, and its test accuracy. */
  record Run(NavigableMap<Double, Double> best, long individuals, double testAccuracy) {

    /** The best fitness at a time; 0 before the first individual was trained. */
    double bestAt(double seconds) {
      Map.Entry<Double, Double> entry = best.floorEntry(seconds);
      return entry == null ? 0 : entry.getValue();
    }

    double seconds() {
      return best.isEmpty() ? 0 : best.lastKey();
    }
  }

  /** Prints the table to standard output and writes the plot. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      System.err.println("usage: Curves PLOT.svg LABEL=RUN.jsonl,RUN.jsonl,... [LABEL=...]...");
      System.exit(2);
    }
    Map<String, List<Run>> kinds = new TreeMap<>();
    for (String argument : Arrays.asList(arguments).subList(1, arguments.length)) {
      String[] parts = argument.split("=", 2);
      List<Run> runs = new ArrayList<>();
      for (String file : parts[1].split(",")) {
        runs.add(read(Path.of(file)));
      }
      kinds.put(parts[0], runs);
    }
    System.out.print(table(kinds));
    Files.writeString(Path.of(arguments[0]), plot(kinds));
  }

  /** The run that was printed to this file. */
  static Run read(Path file) throws IOException {
    NavigableMap<Double, Double> best = new TreeMap<>();
    long individuals = 0;
    double test = Double.NaN;
    for (String line : Files.readAllLines(file)) {
      JsonNode node = JSON.readTree(line);
      if (node.has("testAccuracy")) {
        test = node.get("testAccuracy").asDouble();
      } else if (node.hasNonNull("elapsedSeconds") && node.hasNonNull("best")) {
        best.merge(node.get("elapsedSeconds").asDouble(), node.get("best").asDouble(), Math::max);
        individuals = node.path("individuals").asLong();
      }
    }
    return new Run(best, individuals, test);
  }

  private static double end(Map<String, List<Run>> kinds) {
    return kinds.values().stream().flatMap(List::stream).mapToDouble(Run::seconds).max().orElse(0);
  }

  private static double medianAt(List<Run> runs, double seconds) {
    return Median.of(runs.stream().mapToDouble(run -> run.bestAt(seconds)).toArray());
  }

  private static String table(Map<String, List<Run>> kinds) {
    StringBuilder text = new StringBuilder("| minutes |");
    kinds.forEach((label, runs) -> text.append(' ').append(label).append(" |"));
    text.append("\n| --- |").append(" --- |".repeat(kinds.size())).append('\n');
    double minutes = Math.ceil(end(kinds) / 60);
    for (double minute = Math.max(1, minutes / 6); minute <= minutes + 1e-9; minute += Math.max(1, minutes / 6)) {
      text.append(String.format(Locale.ROOT, "| %.0f |", minute));
      for (List<Run> runs : kinds.values()) {
        text.append(String.format(Locale.ROOT, " %.1f %% |", 100 * medianAt(runs, minute * 60)));
      }
      text.append('\n');
    }
    text.append("| test accuracy, each seed |");
    kinds.values().forEach(runs -> text.append(' ')
        .append(String.join(", ", runs.stream().map(run -> percent(run.testAccuracy())).toList())).append(" |"));
    text.append("\n| test accuracy, median |");
    kinds.values().forEach(runs -> text.append(' ')
        .append(percent(Median.of(runs.stream().mapToDouble(Run::testAccuracy).toArray()))).append(" |"));
    text.append("\n| individuals, each seed |");
    kinds.values().forEach(runs -> text.append(' ')
        .append(String.join(", ", runs.stream().map(run -> Long.toString(run.individuals())).toList())).append(" |"));
    return text.append('\n').toString();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String plot(Map<String, List<Run>> kinds) {
    Plot plot = new Plot("best validation accuracy so far; thick: median of the seeds", "minutes", 0, 1,
        0, Math.max(1, end(kinds)), 60);
    int kind = 0;
    for (Map.Entry<String, List<Run>> runs : kinds.entrySet()) {
      String colour = Plot.colour(kind++);
      runs.getValue().forEach(run -> plot.thin(colour, run::bestAt));
      plot.thick(colour, seconds -> medianAt(runs.getValue(), seconds));
      plot.label(colour, runs.getKey());
    }
    return plot.svg();
  }
}
