package dev.cambrian.app;

import dev.cambrian.app.ConfigurationFile.Given;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --until individuals=N,minutes=M,fitness=F,flops=X}: a condition that is not named does not count. */
final class UntilOption {
  private static final List<String> CONDITIONS = List.of("individuals", "minutes", "fitness", "flops");

  private UntilOption() {}

  static Map<String, Given> parsed(String text) {
    Map<String, Given> options = new LinkedHashMap<>();
    for (String condition : CONDITIONS) {
      options.put("cambrian.until." + condition, new Given("--until " + condition, "none"));
    }
    for (String part : text.split(",", -1)) {
      String[] sides = part.split("=", 2);
      String condition = sides[0].trim();
      if (sides.length < 2 || !CONDITIONS.contains(condition)) {
        String guess = Spelling.nearest(condition, CONDITIONS).map(near -> " Did you mean " + near + "?").orElse("");
        throw UserError.usage("--until must be conditions like individuals=100,minutes=5,fitness=0.9,flops=1e15, not '"
            + text + "'." + guess);
      }
      options.put("cambrian.until." + condition, new Given("--until " + condition, sides[1].trim()));
    }
    return options;
  }
}
