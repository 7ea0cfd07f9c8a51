package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cambrian.actors.PopulationState;
import dev.cambrian.persistence.PopulationEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Long> slept = new ArrayList<>();

  /** A population after events at these milliseconds; negative ones begin another run. */
  private void play(double speed, long... millis) {
    Pace pace = new Pace(speed, slept::add);
    PopulationState before = PopulationState.empty();
    for (long at : millis) {
      Instant time = START.plusMillis(Math.abs(at));
      PopulationEvent event = at < 0 || before.head().sequence() == 0
          ? new PopulationEvent.Resumed(time) : new PopulationEvent.TestRead(time, 1, 0.5);
      PopulationState after = before.after(event);
      pace.between(before, after);
      before = after;
    }
  }

  @Test
  void twiceAsFast_takesHalfTheTime_andTheTimeBetweenRunsIsLeftOut() {
    play(2, 0, 100, 300, -50_000, 50_010);
    assertEquals(List.of(50L, 100L, 5L), slept);
  }

  @Test
  void fractionsOfAMillisecond_addUp() {
    play(1000, 0, 400, 800, 1200, 1600, 2000);
    assertEquals(List.of(1L, 1L), slept);
  }

  @Test
  void max_neverWaits() {
    play(Pace.parse("max"), 0, 100_000, 300_000);
    assertEquals(List.of(), slept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "", "fast", "1x"})
  void speedThatIsNone_isRefused(String text) {
    assertEquals(UserError.USAGE, assertThrows(UserError.class, () -> Pace.parse(text)).exitCode());
  }
}
