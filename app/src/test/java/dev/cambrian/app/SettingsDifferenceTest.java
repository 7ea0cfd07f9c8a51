package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.actors.SettingsDifference;
import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.persistence.ExperimentSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsDifferenceTest {
  private static final ExperimentSettings.Training TRAINING = new ExperimentSettings.Training(
      "libtorch", 150, 50, 0.9, 1e-4, "fp32", true, 1000, 100, 1e12);
  private static final ExperimentSettings.Data DATA = new ExperimentSettings.Data("shapes", "", "c", 1);
  private static final ExperimentSettings STORED =
      new ExperimentSettings(1, "graph", "tournament", 24, MutationSettings.paper(), true, TRAINING, DATA, "all");

  @Test
  void same_noDifference() {
    assertEquals(List.of(), SettingsDifference.between(STORED,
        new ExperimentSettings(1, "graph", "tournament", 24, MutationSettings.paper(), true, TRAINING, DATA,
            "all")));
  }

  @Test
  void eachValue_isNamedByItsKeyWithBothValues() {
    ExperimentSettings other = new ExperimentSettings(
        2, "graph", "random", 25, new MutationSettings(5, Map.of(MutationKind.IDENTITY, 0.0)), false,
        new ExperimentSettings.Training("surrogate", 151, 51, 0.8, 1e-3, "bf16", false, 1001, 101, 1e13),
        new ExperimentSettings.Data("folder", "/d", "c", 1), "alive");
    List<SettingsDifference.Difference> differences = SettingsDifference.between(STORED, other);
    assertEquals(18, differences.size());
    assertTrue(differences.contains(new SettingsDifference.Difference("cambrian.evolution.population", "24", "25")));
    assertTrue(ConfigurationFile.knownKeys().containsAll(differences.stream()
        .map(SettingsDifference.Difference::key)
        .filter(key -> !key.endsWith("mutation-weights"))
        .toList()));
    assertEquals(18, Set.copyOf(differences.stream().map(SettingsDifference.Difference::key).toList()).size());
  }

  @Test
  void whereTheDataLie_mayDiffer() {
    ExperimentSettings moved = new ExperimentSettings(1, "graph", "tournament", 24, MutationSettings.paper(), true,
        TRAINING, new ExperimentSettings.Data("shapes", "/elsewhere", "c", 1), "all");
    assertEquals(List.of(), SettingsDifference.between(STORED, moved));
  }
}
