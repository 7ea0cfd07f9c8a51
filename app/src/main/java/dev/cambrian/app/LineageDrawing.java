package dev.cambrian.app;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A lineage drawn as SVG that needs nothing else: a row a generation, from the initial individual down, with the
 * mutations at the left and the fitness as a line that runs down the rows.
 */
final class LineageDrawing {
  private static final int WIDTH = 960;
  private static final int TOP = 76;
  private static final int ROW = 24;
  private static final int BOTTOM = 16;
  private static final int PLOT = 470;
  private static final int PLOT_WIDTH = 260;
  private static final int MOST_TICKS = 6;

  /** Distances between two lines of the plot that read well, in parts of one. */
  private static final double[] DISTANCES = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2};

  private final Lineage lineage;
  private final double distance;
  private final double low;
  private final double high;
  private final StringBuilder svg = new StringBuilder();

  private LineageDrawing(Lineage lineage) {
    this.lineage = lineage;
    double least = lineage.steps().stream().map(Lineage.Step::fitness).filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble).min().orElse(0);
    double most = lineage.steps().stream().map(Lineage.Step::fitness).filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble).max().orElse(1);
    this.distance = Arrays.stream(DISTANCES)
        .filter(one -> (most - least) / one <= MOST_TICKS - 2).findFirst().orElse(DISTANCES[DISTANCES.length - 1]);
    this.low = distance * Math.floor(least / distance);
    this.high = distance * (Math.floor(most / distance) + 1);
  }

  /** The drawing, a whole SVG document. */
  static String of(Lineage lineage) {
    return new LineageDrawing(lineage).draw();
  }

  private String draw() {
    List<Lineage.Step> steps = lineage.steps();
    int height = TOP + ROW * steps.size() + BOTTOM;
    svg.append(String.format(Locale.ROOT, """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" \
        font-family="system-ui, sans-serif" font-size="13" fill="#1f2328">
        <rect width="%1$d" height="%2$d" fill="#ffffff"/>
        """, WIDTH, height));
    text(24, 30, "start", "font-size=\"17\" font-weight=\"600\"", lineage.title());
    heading();
    grid(steps.size());
    for (int i = 1; i < steps.size(); i++) {
      line(steps.get(i - 1), steps.get(i), i);
    }
    for (int i = 0; i < steps.size(); i++) {
      row(steps.get(i), i);
    }
    return svg.append("</svg>").toString();
  }

  private void heading() {
    String grey = "fill=\"#656d76\" font-size=\"12\"";
    text(60, TOP - 18, "end", grey, "gen.");
    text(124, TOP - 18, "end", grey, "individual");
    text(140, TOP - 18, "start", grey, "made by");
    text(812, TOP - 18, "end", grey, "fitness");
    text(864, TOP - 18, "end", grey, "gain");
    text(WIDTH - 12, TOP - 18, "end", grey, "parameters");
  }

  private void grid(int rows) {
    for (double fitness = low; fitness < high + distance / 2; fitness += distance) {
      double x = x(fitness);
      svg.append(String.format(Locale.ROOT,
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#d8dee4\"/>\n", x, TOP - 10, x, TOP + ROW * rows));
      text(x, TOP - 18, "middle", "fill=\"#656d76\" font-size=\"12\"", EventText.percent(fitness));
    }
  }

  private void line(Lineage.Step from, Lineage.Step to, int index) {
    if (from.fitness().isPresent() && to.fitness().isPresent()) {
      svg.append(String.format(Locale.ROOT,
          "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"2\"/>\n",
          x(from.fitness().getAsDouble()), y(index - 1), x(to.fitness().getAsDouble()), y(index), colour(to)));
    }
  }

  private void row(Lineage.Step step, int index) {
    double baseline = y(index) + 4.5;
    text(60, baseline, "end", "fill=\"#656d76\"", Integer.toString(step.generation()));
    text(124, baseline, "end", "font-weight=\"600\"", EventText.id(step.individual()));
    text(140, baseline, "start", step.parent().isEmpty() ? "fill=\"#656d76\"" : "", shortened(step.madeBy()));
    step.fitness().ifPresent(fitness -> svg.append(String.format(Locale.ROOT,
        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"><title>%s</title></circle>\n", x(fitness), y(index),
        colour(step), escaped(EventText.id(step.individual()) + ": " + step.madeBy() + ", "
            + EventText.percent(fitness)))));
    text(812, baseline, "end", "", ProgressText.percent(step.fitness()));
    if (step.gain().isPresent()) {
      text(864, baseline, "end", "fill=\"" + colour(step) + "\"", EventText.gain(step.gain().getAsDouble()));
    }
    text(WIDTH - 12, baseline, "end", "", ProgressText.count(step.parameters()));
  }

  private void text(double x, double y, String anchor, String attributes, String content) {
    svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", x, y, anchor,
        attributes.isEmpty() ? "" : " " + attributes, escaped(content)));
  }

  private double x(double fitness) {
    return PLOT + PLOT_WIDTH * (fitness - low) / (high - low);
  }

  private static double y(int index) {
    return TOP + ROW * (index + 0.5);
  }

  /** Green for a gain, red for a loss. */
  private static String colour(Lineage.Step step) {
    double gain = step.gain().orElse(0);
    return gain > 0 ? "#1a7f37" : gain < 0 ? "#cf222e" : "#656d76";
  }

  /** What fits before the plot; the whole is in the title of the point. */
  private static String shortened(String madeBy) {
    int most = 42;
    return madeBy.length() <= most ? madeBy : madeBy.substring(0, most - 1) + "…";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
