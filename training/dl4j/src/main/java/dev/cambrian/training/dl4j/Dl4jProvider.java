package dev.cambrian.training.dl4j;

import dev.cambrian.training.Engine;
import dev.cambrian.training.EngineProvider;
import java.time.Clock;
import java.time.Duration;

/** Opens {@link Dl4jEngine}. */
public final class Dl4jProvider implements EngineProvider {

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public Engine open(Clock clock, Duration longest) {
    return new Dl4jEngine(clock, longest);
  }
}
