package dev.cambrian.app;

import dev.cambrian.app.ConfigurationFile.Given;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a command line gives of a configuration: full keys, their options and values, checked later with the rest. */
final class GivenOptions {
  private final Map<String, Given> given = new LinkedHashMap<>();

  /** The experiment that NAME names, which is no option. */
  GivenOptions experiment(String name) {
    if (name != null) {
      ConfigurationFile.checkedName("NAME", name);
    }
    return put("cambrian.experiment", "NAME", name);
  }

  /** A key's value; null where the option was not given. */
  GivenOptions put(String key, String option, String value) {
    if (value != null) {
      given.put(key, new Given(option, value));
    }
    return this;
  }

  /** The conditions of {@code --until}; null where it was not given. */
  GivenOptions until(String conditions) {
    if (conditions != null) {
      given.putAll(UntilOption.parsed(conditions));
    }
    return this;
  }

  Map<String, Given> byKey() {
    return given;
  }
}
