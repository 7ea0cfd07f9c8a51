package dev.cambrian.app;

import dev.cambrian.persistence.history.Rows;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as an aligned table: numbers to the right, text to the left, a dash for what is missing. The first rows decide
 * how wide its columns are; so a table of any length needs the memory of those alone.
 */
final class TextTable implements Rows {
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String GAP = "  ";

  /** Rows that are held back until the columns' widths are known. */
  private static final int LOOKED_AT = 1000;

  private final PrintStream out;
  private final boolean terminal;
  private final List<List<Object>> first = new ArrayList<>();
  private List<String> names = List.of();
  private int[] widths;
  private boolean[] numbers;

  /**
   * A table that is printed as its rows come, and by {@link #end}.
   *
   * @param terminal whether the terminal is to cut off what is wider than it
   */
  TextTable(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void columns(List<String> columns) {
    names = List.copyOf(columns);
  }

  @Override
  public void row(List<Object> values) {
    if (widths != null) {
      print(values);
      return;
    }
    first.add(values);
    if (first.size() == LOOKED_AT) {
      printFirst();
    }
  }

  /** Prints what is left after the last row. */
  void end() {
    if (widths == null) {
      printFirst();
    }
  }

  private void printFirst() {
    widths = new int[names.size()];
    numbers = new boolean[names.size()];
    for (int i = 0; i < names.size(); i++) {
      int column = i;
      widths[i] = Math.max(width(names.get(i)),
          first.stream().mapToInt(row -> width(text(row.get(column)))).max().orElse(0));
      numbers[i] = first.stream().anyMatch(row -> row.get(column) != null)
          && first.stream().allMatch(row -> row.get(column) == null || row.get(column) instanceof Number);
    }
    print(names);
    print(Arrays.stream(widths).mapToObj("-"::repeat).toList());
    first.forEach(this::print);
    first.clear();
  }

  private void print(List<?> values) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      String text = text(values.get(i));
      String padding = " ".repeat(Math.max(0, widths[i] - width(text)));
      line.append(i == 0 ? "" : GAP).append(numbers[i] ? padding + text : text + padding);
    }
    String row = line.toString().stripTrailing();
    out.println(terminal ? NO_WRAP + row + WRAP : row);
  }

  /** A value on one line, and nothing that a terminal would take for a command. */
  private static String text(Object value) {
    return value == null ? "-" : value.toString().replaceAll("\\p{Cntrl}+", " ");
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
