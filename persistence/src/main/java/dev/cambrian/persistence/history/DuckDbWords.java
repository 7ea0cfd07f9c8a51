package dev.cambrian.persistence.history;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** DuckDB's messages as one sentence each. */
final class DuckDbWords {
  private DuckDbWords() {}

  static String of(SQLException e) {
    return sentence(String.valueOf(e.getMessage()));
  }

  /** What it says, without the line of SQL that it points at. */
  static String sentence(String message) {
    List<String> lines = new ArrayList<>();
    for (String line : message.lines().map(String::strip).toList()) {
      if (line.startsWith("LINE ")) {
        break;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    String text = String.join(" ", lines);
    return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") ? text : text + ".";
  }
}
