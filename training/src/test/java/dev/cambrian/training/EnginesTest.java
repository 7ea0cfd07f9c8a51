package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesTest {
  /** What the other process of a test does. */
  public static void main(String[] arguments) {
    try (Engine engine = Engines.open("libtorch", Clock.systemUTC(), Duration.ofHours(1))) {
      System.out.print(engine.name() + " is open");
    } catch (IllegalStateException e) {
      System.out.print(e.getMessage());
    }
  }

  @Test
  void open_libraryOfAnotherPlatform_saysSoInOneSentence() throws Exception {
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dorg.bytedeco.javacpp.platform=linux-riscv64",
        "-cp", System.getProperty("java.class.path"), EnginesTest.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(said.startsWith("libtorch does not load on linux-riscv64: ") && !said.contains("\n"), said);
  }

  @Test
  void open_everyName_givesTheEngineOfThatName() {
    for (String name : List.of("libtorch", "surrogate")) {
      try (Engine engine = Engines.open(name, Clock.systemUTC(), Duration.ofHours(1))) {
        assertEquals(name, engine.name());
      }
    }
  }

  @Test
  void open_engineThatIsNotOnTheClassPath_saysHowToGetIt() {
    IllegalStateException e = assertThrows(IllegalStateException.class,
        () -> Engines.open("dl4j", Clock.systemUTC(), Duration.ofHours(1)));
    assertEquals("the engine dl4j is not installed: CAMBRIAN_ENGINES=dl4j in the environment of ./cambrian fetches it",
        e.getMessage());
  }

  @Test
  void open_unknownName_saysWhichThereAre() {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
        () -> Engines.open("abacus", Clock.systemUTC(), Duration.ofHours(1)));
    assertEquals("there is no engine 'abacus'; choose one of libtorch, dl4j, surrogate", e.getMessage());
  }
}
