package dev.cambrian.training;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;

/** The engines by name. */
public final class Engines {
  /** The engines that Cambrian has, the default first; not each is on every class path. */
  public static final List<String> NAMES = List.of("libtorch", "dl4j", "surrogate");

  private Engines() {}

  /**
   * Opens an engine, which the caller closes.
   *
   * @param clock for the time that trainings take
   * @param longest the time after which a training fails as too slow
   * @throws IllegalArgumentException with one sentence, where no engine has the name
   * @throws IllegalStateException with one sentence, where it is not on the class path or does not run on this machine
   */
  public static Engine open(String name, Clock clock, Duration longest) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "there is no engine '" + name + "'; choose one of " + String.join(", ", NAMES));
    }
    for (EngineProvider provider : ServiceLoader.load(EngineProvider.class)) {
      if (provider.name().equals(name)) {
        return provider.open(clock, longest);
      }
    }
    throw new IllegalStateException("the engine " + name + " is not installed: CAMBRIAN_ENGINES=" + name
        + " in the environment of ./cambrian fetches it");
  }
}
