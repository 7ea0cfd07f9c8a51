package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void open_everyName_givesTheEngineOfThatName() {
    for (String name : Engines.NAMES) {
      try (Engine engine = Engines.open(name, Clock.systemUTC(), Duration.ofHours(1))) {
        assertEquals(name, engine.name());
      }
    }
  }

  @Test
  void open_unknownName_saysWhichThereAre() {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
        () -> Engines.open("abacus", Clock.systemUTC(), Duration.ofHours(1)));
    assertEquals("there is no engine 'abacus'; choose one of libtorch, surrogate", e.getMessage());
  }
}
