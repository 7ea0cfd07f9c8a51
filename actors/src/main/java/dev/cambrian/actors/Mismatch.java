package dev.cambrian.actors;

import dev.cambrian.persistence.ExperimentSettings;
import java.lang.reflect.RecordComponent;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What speaks against going on with an experiment under other settings than its own. */
final class Mismatch {
  /** Data may move: its checksum tells whether it is the same. */
  private static final Set<String> FREE = Set.of("data.directory");

  private Mismatch() {}

  /** One sentence about the first setting that differs; empty where the experiment can go on. */
  static String between(String experiment, ExperimentSettings started, ExperimentSettings now) {
    return first("", started, now)
        .map(difference -> "experiment " + experiment + " was started with " + difference
            + "; go on with its own settings, or choose another name for a new experiment")
        .orElse("");
  }

  private static Optional<String> first(String prefix, Record started, Record now) {
    for (RecordComponent component : started.getClass().getRecordComponents()) {
      String key = prefix + component.getName();
      Object before = value(component, started);
      Object after = value(component, now);
      Optional<String> difference = Optional.empty();
      if (before instanceof Record left && after instanceof Record right) {
        difference = first(key + ".", left, right);
      } else if (!Objects.equals(before, after) && !FREE.contains(key)) {
        difference = Optional.of(key + " = " + before + ", not " + after);
      }
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private static Object value(RecordComponent component, Record of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("a public record's components can be read", e);
    }
  }
}
