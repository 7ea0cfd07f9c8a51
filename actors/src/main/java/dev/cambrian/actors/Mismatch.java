package dev.cambrian.actors;

import dev.cambrian.persistence.ExperimentSettings;
import java.util.ArrayList;
import java.util.List;

/** What speaks against going on with an experiment, or taking part in it, under other settings than its own. */
final class Mismatch {
  private Mismatch() {}

  /** One sentence about the settings that differ; empty where the experiment can go on. */
  static String between(String experiment, ExperimentSettings started, ExperimentSettings now) {
    String differences = differences(started, now);
    return differences.isEmpty() ? "" : "experiment " + experiment + " was started with " + differences
        + "; go on with its own settings, or choose another name for a new experiment";
  }

  /** Every value that differs, {@code "key = this, not that"}; empty where none does. */
  static String differences(ExperimentSettings started, ExperimentSettings now) {
    List<String> differences = new ArrayList<>();
    SettingsDifference.between(started, now).forEach(difference ->
        differences.add(difference.key() + " = " + difference.stored() + ", not " + difference.asked()));
    if (!started.data().checksum().equals(now.data().checksum())) {
      differences.add("other images (the SHA-256 of its data set is " + beginning(started) + ", not "
          + beginning(now) + ")");
    }
    if (!started.space().equals(now.space())) {
      differences.add("the search space " + started.space() + ", not " + now.space());
    }
    return String.join(" and ", differences);
  }

  private static String beginning(ExperimentSettings settings) {
    String checksum = settings.data().checksum();
    return checksum.substring(0, Math.min(16, checksum.length()));
  }
}
