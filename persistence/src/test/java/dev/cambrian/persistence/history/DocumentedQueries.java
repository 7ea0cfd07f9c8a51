package dev.cambrian.persistence.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What docs/queries.md says.
 *
 * @param questions the ten queries, in order
 * @param columns of every table: name and type
 */
record DocumentedQueries(List<String> questions, Map<String, List<List<Object>>> columns) {
  private static final Pattern QUESTION = Pattern.compile("### \\d+\\. [^#]*?```sql\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern TABLE = Pattern.compile("### `(\\w+)`[^#]*");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\| ([^|]*) \\|");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  static DocumentedQueries read() throws IOException {
    String text = Files.readString(Path.of("..", "docs", "queries.md"));
    List<String> questions = new ArrayList<>();
    QUESTION.matcher(text).results().forEach(found -> questions.add(found.group(1)));
    Map<String, List<List<Object>>> columns = new LinkedHashMap<>();
    TABLE.matcher(text).results().forEach(found -> columns.put(found.group(1), columns(found.group())));
    return new DocumentedQueries(questions, columns);
  }

  private static List<List<Object>> columns(String section) {
    List<List<Object>> columns = new ArrayList<>();
    Matcher row = ROW.matcher(section);
    while (row.find()) {
      String[] types = row.group(2).split(", ");
      int i = 0;
      for (Matcher name = NAME.matcher(row.group(1)); name.find(); i++) {
        columns.add(List.of(name.group(1), types[Math.min(i, types.length - 1)]));
      }
    }
    return columns;
  }
}
