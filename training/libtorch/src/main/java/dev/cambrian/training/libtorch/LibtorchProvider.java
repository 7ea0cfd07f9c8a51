package dev.cambrian.training.libtorch;

import dev.cambrian.training.Engine;
import dev.cambrian.training.EngineProvider;
import java.time.Clock;
import java.time.Duration;

/** Opens {@link LibtorchEngine}. */
public final class LibtorchProvider implements EngineProvider {

  @Override
  public String name() {
    return "libtorch";
  }

  @Override
  public Engine open(Clock clock, Duration longest) {
    return new LibtorchEngine(clock, longest);
  }
}
