package dev.cambrian.app;

import java.io.PrintStream;
import java.util.List;

/**
 * A few lines at the bottom of a terminal that are drawn again in their place. Lines that are too long are cut off by
 * the terminal, whatever its width. Used from one thread at a time.
 */
final class TerminalPanel {
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String CLEAR_REST = "\u001b[K";

  private final PrintStream out;
  private int drawn;

  TerminalPanel(PrintStream out) {
    this.out = out;
  }

  /** Replaces what was drawn last. */
  synchronized void draw(List<String> lines) {
    StringBuilder text = new StringBuilder(NO_WRAP).append(up());
    lines.forEach(line -> text.append(line).append(CLEAR_REST).append('\n'));
    text.append(CLEAR_BELOW).append(WRAP);
    out.print(text);
    out.flush();
    drawn = lines.size();
  }

  /** Prints lines that stay, above the panel. */
  synchronized void say(String text) {
    out.print(up() + CLEAR_BELOW + text + "\n");
    out.flush();
    drawn = 0;
  }

  private String up() {
    return drawn == 0 ? "\r" : "\u001b[" + drawn + "A\r";
  }
}
