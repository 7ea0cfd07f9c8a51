package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void open_engineOnTheClassPath_givesTheEngineOfThatName() {
    try (Engine engine = Engines.open("surrogate", Clock.systemUTC(), Duration.ofHours(1))) {
      assertEquals("surrogate", engine.name());
    }
  }

  @Test
  void open_engineThatIsNotOnTheClassPath_saysHowToGetIt() {
    for (String name : List.of("libtorch", "dl4j")) {
      IllegalStateException e = assertThrows(IllegalStateException.class,
          () -> Engines.open(name, Clock.systemUTC(), Duration.ofHours(1)));
      assertEquals("the engine " + name + " is not installed: CAMBRIAN_ENGINES=" + name
          + " in the environment of ./cambrian fetches it", e.getMessage());
    }
  }

  @Test
  void open_unknownName_saysWhichThereAre() {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
        () -> Engines.open("abacus", Clock.systemUTC(), Duration.ofHours(1)));
    assertEquals("there is no engine 'abacus'; choose one of libtorch, dl4j, surrogate", e.getMessage());
  }
}
