package dev.cambrian.training;

import java.time.Clock;
import java.time.Duration;

/** Opens {@link SurrogateEngine}. */
public final class SurrogateProvider implements EngineProvider {

  @Override
  public String name() {
    return "surrogate";
  }

  @Override
  public Engine open(Clock clock, Duration longest) {
    return new SurrogateEngine(clock);
  }
}
