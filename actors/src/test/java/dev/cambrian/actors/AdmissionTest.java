package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.ExperimentSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ExperimentSettings SETTINGS = Experiments.settings(1, 10);
  private static final NodeDescription HOST = host(false);

  private static NodeDescription host(boolean sharedJournal) {
    return new NodeDescription("host", "1.2.3", "run", SETTINGS, Set.of(NodeRole.values()), sharedJournal, NOW);
  }

  private static NodeDescription worker(String version, String experiment, ExperimentSettings settings, Instant now) {
    return new NodeDescription("other", version, experiment, settings, Set.of(NodeRole.WORKER), false, now);
  }

  @Test
  void sameVersionSettingsAndData_areAdmitted_alsoAfterARepair() {
    assertEquals("", Admission.refusal(HOST, worker("1.2.3", "run", SETTINGS, NOW)));
    assertEquals("", Admission.refusal(HOST, worker("1.2.9", "run", SETTINGS, NOW)));
  }

  @Test
  void anotherVersionOrExperiment_isNamed() {
    assertEquals("node other is refused by node host: that one runs Cambrian 1.2.3 and this one 1.3.0; install the same"
        + " version on both", Admission.refusal(HOST, worker("1.3.0", "run", SETTINGS, NOW)));
    assertTrue(Admission.refusal(HOST, worker("1.2.3", "walk", SETTINGS, NOW))
        .contains("that one evolves the experiment run, not walk"));
  }

  @Test
  void everyOtherSettingAndOtherData_areNamed() {
    ExperimentSettings.Data data = SETTINGS.data();
    ExperimentSettings others = SETTINGS.withPopulation(11).withTraining(SETTINGS.training().withSteps(7));
    ExperimentSettings otherData = new ExperimentSettings(others.seed(), others.space(), others.strategy(),
        others.population(), others.mutation(), others.inheritance(), others.training(),
        new ExperimentSettings.Data(data.dataset(), "/elsewhere", "0123456789abcdef0", data.splitSeed()),
        others.keep());
    String refusal = Admission.refusal(HOST, worker("1.2.3", "run", otherData, NOW));
    assertTrue(refusal.contains("cambrian.evolution.population = 10, not 11 and cambrian.training.steps = "
        + SETTINGS.training().steps() + ", not 7 and other images"), refusal);
    assertTrue(refusal.contains(", not 0123456789abcdef)"), refusal);
  }

  @Test
  void secondPopulation_needsAJournalForBoth() {
    NodeDescription second = new NodeDescription(
        "other", "1.2.3", "run", SETTINGS, Set.of(NodeRole.POPULATION), true, NOW);
    assertTrue(Admission.refusal(HOST, second).contains("its LevelDB journal is for one node alone"));
    assertEquals("", Admission.refusal(host(true), second));
  }

  @Test
  void clockAnHourOff_isTold_andNoReasonToRefuse() {
    NodeDescription behind = worker("1.2.3", "run", SETTINGS, NOW.minus(Duration.ofHours(1)));
    assertEquals("", Admission.refusal(HOST, behind));
    assertTrue(Admission.clocks(HOST, behind).startsWith("the clock of node other is 3600 s behind that of node host"));
    assertTrue(Admission.clocks(HOST, worker("1.2.3", "run", SETTINGS, NOW.plusSeconds(6))).contains("6 s ahead of"));
    assertEquals("", Admission.clocks(HOST, worker("1.2.3", "run", SETTINGS, NOW.plusSeconds(4))));
  }
}
