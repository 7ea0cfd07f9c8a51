package dev.cambrian.training;

import java.time.Clock;
import java.time.Duration;

/** The other process of tests that open an engine where it does not run: prints what is said. Argument: its name. */
final class EngineOpener {

  private EngineOpener() {}

  public static void main(String[] arguments) {
    try (Engine engine = Engines.open(arguments[0], Clock.systemUTC(), Duration.ofHours(1))) {
      System.out.print(engine.name() + " is open");
    } catch (IllegalStateException e) {
      System.out.print(e.getMessage());
    }
  }
}
