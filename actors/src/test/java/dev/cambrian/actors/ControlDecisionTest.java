package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.MutationKind;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.StreamHead;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlDecisionTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private static PopulationState started() {
    return after(PopulationState.empty(),
        new PopulationEvent.ExperimentStarted(AT, "run", Experiments.settings(1, 3)));
  }

  private static PopulationState after(PopulationState state, PopulationEvent event) {
    Batch batch = new Batch(state, List.of());
    batch.add(event);
    return batch.state();
  }

  private static ExperimentSettings changed(String key, String value) {
    ControlDecision decided = ControlDecision.of(started(), "id", new Control.Set(key, value), AT);
    assertEquals("", decided.refusal());
    return assertInstanceOf(PopulationEvent.SettingsChanged.class, decided.event().orElseThrow()).settings();
  }

  @Test
  void everySetting_becomesWhatWasAskedFor_andNothingElse() {
    assertEquals(5, changed("mutations-per-reproduction", "5").mutation().perReproduction());
    assertEquals(2.0, changed("mutation.filter-size", "2.0").mutation().weights().get(MutationKind.FILTER_SIZE));
    assertEquals(200, changed("population", "200").population());
    assertEquals(512, changed("steps", "512").training().steps());
    assertEquals(20, changed("batch", "20").training().batch());
    assertEquals("random", changed("selection", "random").strategy());
    assertEquals(false, changed("inheritance", "false").inheritance());
    assertEquals("lineage", changed("keep", "lineage").keep());
    assertEquals(started().inForce().training(), changed("population", "200").training());
  }

  @Test
  void everyKeyThatIsTold_canBeSet() {
    for (String key : ControlDecision.keys()) {
      String value = switch (key) {
        case "selection" -> "random";
        case "keep" -> "all";
        case "inheritance" -> "false";
        case "paused" -> "true";
        default -> "7";
      };
      ControlDecision decided = ControlDecision.of(started(), "", new Control.Set(key, value), AT);
      assertEquals("", decided.refusal(), key);
      assertTrue(decided.event().isPresent(), key);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "population, 1, from 2 to 1000000", "population, many, whole number", "population, 3, already",
    "steps, 0, from 1", "steps, 1e3, whole number", "batch, 70000, to 65536", "selection, best, 'one of tournament, random'",
    "mutation.filter-size, -1, from 0 to 1000000000", "mutation.filter-size, NaN, from 0 to", "mutation.fold, 1, no setting",
    "inheritance, yes, true or false", "keep, some, 'one of all, lineage, alive'", "paused, false, not paused",
    "learning-rate, 1, no setting", "mutations-per-reproduction, 1001, to 1000", "'', 1, no setting"
  })
  void whatMakesNoSense_isRefusedWithItsReason(String key, String value, String reason) {
    ControlDecision decided = ControlDecision.of(started(), "id", new Control.Set(key, value), AT);
    assertTrue(decided.event().isEmpty());
    assertTrue(decided.refusal().contains(reason), decided.refusal());
  }

  @Test
  void theLastMutation_keepsItsWeight() {
    PopulationState state = started();
    List<String> keys = ControlDecision.keys().stream().filter(key -> key.startsWith("mutation.")).toList();
    for (int i = 0; i < keys.size(); i++) {
      ControlDecision decided = ControlDecision.of(state, "", new Control.Set(keys.get(i), "0"), AT);
      if (i == keys.size() - 1) {
        assertTrue(decided.refusal().contains("at least one mutation"), decided.refusal());
      } else {
        state = after(state, decided.event().orElseThrow());
      }
    }
  }

  @Test
  void pause_tellsWhoEndsFirst_andWhoWaits() {
    PopulationState state = started();
    for (int child = 1; child <= 3; child++) {
      state = after(state, new PopulationEvent.InitialAssigned(AT, child, 7, "w" + child));
    }
    Control.Set pause = new Control.Set("paused", "true");
    assertEquals("Nothing new is assigned; the 3 in training end first.",
        ControlDecision.of(state, 3, "", pause, AT).note());
    assertEquals("Nothing new is assigned; the 1 in training end first; the 2 not finished wait until it goes on.",
        ControlDecision.of(state, 1, "", pause, AT).note());
    assertEquals("Nothing new is assigned; the 3 not finished wait until it goes on.",
        ControlDecision.of(state, "", pause, AT).note());
    assertEquals("Nothing new is assigned.", ControlDecision.of(started(), "", pause, AT).note());
  }

  @Test
  void repeated_isNoEvent_andToldWhichOneItWas() {
    PopulationState state =
        after(started(), ControlDecision.of(started(), "id", new Control.Set("paused", "true"), AT).event().get());
    ControlDecision again = ControlDecision.of(state, "id", new Control.Set("paused", "true"), AT);
    assertTrue(again.event().isEmpty());
    assertEquals("", again.refusal());
    assertTrue(again.note().contains("event 2"), again.note());
    assertTrue(ControlDecision.of(state, "other", new Control.Set("paused", "true"), AT).refusal().contains("already"));
  }

  @Test
  void pins_areOfEventsThatThereAre_andOnlyOnce() {
    ControlDecision pin = ControlDecision.of(started(), "", new Control.Pin(1, List.of()), AT);
    PopulationState pinned = after(started(), pin.event().orElseThrow());
    assertTrue(ControlDecision.of(pinned, "", new Control.Pin(1, List.of()), AT).refusal().contains("already"));
    assertTrue(ControlDecision.of(pinned, "", new Control.Pin(9, List.of()), AT).refusal().contains("no event 9"));
    assertTrue(ControlDecision.of(pinned, "", new Control.Unpin(2), AT).refusal().contains("not pinned"));
    assertTrue(ControlDecision.of(pinned, "", new Control.Unpin(1), AT).event().isPresent());
  }

  @Test
  void pinNow_isOfTheLastEvent_andWhatItNeeds() {
    PopulationState state = after(after(started(), new PopulationEvent.InitialAssigned(AT, 1, 7, "w")),
        new PopulationEvent.ChildTrained(AT, 1, 1, 0.5, Experiments.hash(1), 2, 3, StreamHead.EMPTY));
    PopulationEvent.MomentPinned pinned = assertInstanceOf(PopulationEvent.MomentPinned.class,
        ControlDecision.of(state, "", new Control.PinNow(), AT).event().orElseThrow());
    assertEquals(3, pinned.event());
    assertEquals(List.of(Experiments.hash(1)), pinned.weights());
  }

  @Test
  void resetOfNobody_orBeforeTheBeginning_isRefused() {
    assertTrue(ControlDecision.of(started(), "", new Control.ResetWeights(), AT).refusal().contains("nobody"));
    assertTrue(ControlDecision.of(PopulationState.empty(), "", new Control.ResetWeights(), AT).refusal()
        .contains("not begun"));
  }
}
