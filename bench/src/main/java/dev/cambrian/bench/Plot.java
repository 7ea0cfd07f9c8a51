package dev.cambrian.bench;

import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** A plot of accuracies, 0 to 1, over something that is spent, as SVG: lines, marks on them, and a legend. */
final class Plot {
  private static final String[] COLOURS = {"#0b6e99", "#c2571a", "#5b8c2a", "#7d4aa5", "#8a6d3b"};
  private static final double THIN = 0.8;
  private static final double THICK = 2.6;
  private static final int POINTS = 340;
  private static final int LEFT = 60;
  private static final int WIDTH = 680;
  private static final int BOTTOM = 385;
  private static final int HEIGHT = 355;

  private final double from;
  private final double to;
  private final double low;
  private final double high;
  private final StringBuilder svg = new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 760 440' "
      + "font-family='sans-serif' font-size='13'>\n<rect width='760' height='440' fill='white'/>\n");
  private int labels;

  /**
   * An empty plot.
   *
   * @param title over it
   * @param spent under it: what the horizontal axis counts
   * @param low the lowest accuracy, in whole tenths, as is {@code high}
   * @param unit what one on the horizontal axis is, of which {@code from} and {@code to} are so many
   */
  Plot(String title, String spent, double low, double high, double from, double to, double unit) {
    this.from = from;
    this.to = to;
    this.low = low;
    this.high = high;
    for (int tenth = (int) Math.round(10 * low); tenth <= Math.round(10 * high); tenth++) {
      svg.append(String.format(Locale.ROOT, "<line x1='60' x2='740' y1='%1$.1f' y2='%1$.1f' stroke='#ddd'/>"
          + "<text x='52' y='%2$.1f' text-anchor='end'>%3$d %%</text>%n", y(tenth / 10.0), y(tenth / 10.0) + 4,
          tenth * 10));
    }
    for (int sixth = 0; sixth <= 6; sixth++) {
      double at = from + (to - from) * sixth / 6;
      svg.append(String.format(Locale.ROOT, "<text x='%.1f' y='405' text-anchor='middle'>%s</text>%n",
          x(at), tick(at / unit)));
    }
    svg.append("<text x='400' y='428' text-anchor='middle'>").append(spent).append("</text>\n<text x='60' y='18'>")
        .append(title).append("</text>\n");
  }

  private static String tick(double units) {
    String digits = String.format(Locale.ROOT, units < 10 ? "%.1f" : "%.0f", units);
    return digits.endsWith(".0") ? digits.substring(0, digits.length() - 2) : digits;
  }

  /** The colour of the n-th kind of line, from 0. */
  static String colour(int kind) {
    return COLOURS[kind % COLOURS.length];
  }

  /** One run. */
  void thin(String colour, DoubleUnaryOperator accuracy) {
    line(colour, THIN, accuracy);
  }

  /** What all runs of a kind come to. */
  void thick(String colour, DoubleUnaryOperator accuracy) {
    line(colour, THICK, accuracy);
  }

  /** Names the kind of line that has this colour. */
  void label(String colour, String text) {
    svg.append(String.format(Locale.ROOT, "<text x='76' y='%d' fill='%s' font-weight='bold'>%s</text>%n",
        44 + 18 * labels++, colour, text));
  }

  /** Marks a moment of one run. */
  void mark(String colour, double at, double accuracy) {
    svg.append(String.format(Locale.ROOT, "<circle cx='%.1f' cy='%.1f' r='4' fill='%s'/>%n", x(at), y(accuracy), colour));
  }

  /** The whole document. */
  String svg() {
    return svg + "</svg>\n";
  }

  private void line(String colour, double width, DoubleUnaryOperator accuracy) {
    svg.append("<polyline fill='none' stroke='").append(colour).append("' stroke-width='").append(width)
        .append("' points='");
    for (int i = 0; i <= POINTS; i++) {
      double at = from + (to - from) * i / POINTS;
      svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(at), y(accuracy.applyAsDouble(at))));
    }
    svg.append("'/>\n");
  }

  private double x(double at) {
    return LEFT + WIDTH * (at - from) / (to - from);
  }

  private double y(double accuracy) {
    return BOTTOM - HEIGHT * (Math.min(high, Math.max(low, accuracy)) - low) / (high - low);
  }
}
