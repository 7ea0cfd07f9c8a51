package dev.cambrian.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Progress as a person reads it: one plain line, or a panel of a few. Pure functions of what they show. */
final class ProgressText {
  private static final int BAR = 40;
  private static final int SLOT_BAR = 12;
  private static final int CURVE = 32;

  /** The most slots that a panel lists one by one. */
  private static final int SLOTS = 8;

  private final boolean unicode;

  /** Text with block characters, or in ASCII alone. */
  ProgressText(boolean unicode) {
    this.unicode = unicode;
  }

  /** One line, for output that is no terminal. */
  String line(Progress progress) {
    return duration(progress.elapsedSeconds()) + " " + progress.state() + ": " + count(progress.individuals())
        + " individuals (" + progress.alive() + " alive, " + progress.training() + " training, "
        + count(progress.dead()) + " dead, " + count(progress.failed()) + " failed), best " + percent(progress.best())
        + ", mean " + percent(progress.mean()) + ", " + rate(progress.individualsPerMinute()) + " individuals/min, "
        + count(Math.round(progress.imagesPerSecond())) + " images/s, " + flops(progress.flops()) + " FLOPs" + left(progress);
  }

  /**
   * A panel, top line first.
   *
   * @param curve the best fitness over time, oldest first
   */
  List<String> panel(Progress progress, List<Double> curve) {
    List<String> lines = new ArrayList<>();
    lines.add(progress.experiment() + "  " + progress.state() + "  " + duration(progress.elapsedSeconds())
        + left(progress));
    progress.done().ifPresent(done -> lines.add(bar(done, BAR) + String.format(Locale.ROOT, " %3.0f %%", 100 * done)));
    lines.add(row("individuals", count(progress.individuals()) + "   alive " + progress.alive() + "   training "
        + progress.training() + "   dead " + count(progress.dead()) + "   failed " + count(progress.failed())));
    String who = progress.bestIndividual().isPresent() ? " (#" + progress.bestIndividual().getAsLong() + ")" : "";
    lines.add(row("fitness", "best " + percent(progress.best()) + who + "   mean " + percent(progress.mean())
        + (unicode && curve.size() > 1 ? "   " + sparkline(curve) : "")));
    lines.add(row("speed", rate(progress.individualsPerMinute()) + " individuals/min   "
        + count(Math.round(progress.imagesPerSecond())) + " images/s   " + flops(progress.flops()) + " FLOPs spent"));
    List<Progress.Slot> slots = progress.slots();
    for (Progress.Slot slot : slots.subList(0, Math.min(slots.size(), SLOTS))) {
      double done = slot.steps() == 0 ? 0 : (double) slot.step() / slot.steps();
      lines.add(row("training", String.format(Locale.ROOT, "#%-8d %s  step %d of %d",
          slot.individual(), bar(done, SLOT_BAR), slot.step(), slot.steps())));
    }
    if (slots.size() > SLOTS) {
      lines.add(row("", "and " + (slots.size() - SLOTS) + " more"));
    }
    return lines;
  }

  private static String left(Progress progress) {
    OptionalDouble left = progress.secondsLeft();
    return left.isPresent() ? ", " + duration(left.getAsDouble()) + " left" : "";
  }

  /** Hours only where there are some: {@code 4:07} or {@code 1:02:03}. */
  static String duration(double seconds) {
    Duration duration = Duration.ofSeconds(Math.max(0, Math.round(seconds)));
    long hours = duration.toHours();
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, duration.toMinutesPart(), duration.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", duration.toMinutesPart(), duration.toSecondsPart());
  }

  /** A share as a percentage with one decimal, or a dash. */
  static String percent(OptionalDouble share) {
    return share.isPresent() ? String.format(Locale.ROOT, "%.1f %%", 100 * share.getAsDouble()) : "-";
  }

  /** A count with its thousands apart. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** FLOPs with two digits, e.g. {@code 3.2e13}. */
  static String flops(double flops) {
    return flops == 0 ? "0" : String.format(Locale.ROOT, "%.1e", flops).replace("e+", "e").replace("e0", "e");
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate);
  }

  private static String row(String label, String text) {
    return String.format(Locale.ROOT, "%-12s %s", label, text);
  }

  private String bar(double done, int width) {
    int full = (int) Math.round(width * Math.max(0, Math.min(1, done)));
    return (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : ".").repeat(width - full);
  }

  private static String sparkline(List<Double> curve) {
    String blocks = "▁▂▃▄▅▆▇█";
    double low = curve.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double high = curve.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    StringBuilder line = new StringBuilder();
    int width = Math.min(CURVE, curve.size());
    for (int i = 0; i < width; i++) {
      double value = curve.get(width == 1 ? 0 : (int) ((long) i * (curve.size() - 1) / (width - 1)));
      int level = high > low ? (int) Math.round((value - low) / (high - low) * (blocks.length() - 1)) : 0;
      line.append(blocks.charAt(level));
    }
    return line.toString();
  }
}
