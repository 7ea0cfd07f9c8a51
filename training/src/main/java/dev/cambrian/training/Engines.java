package dev.cambrian.training;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The engines by name. */
public final class Engines {
  /** What {@link #open} knows, the default first. */
  public static final List<String> NAMES = List.of("libtorch", "surrogate");

  private Engines() {}

  /**
   * Opens an engine, which the caller closes.
   *
   * @param clock for the time that trainings take
   * @param longest the time after which a training fails as too slow
   * @throws IllegalArgumentException with one sentence, where no engine has the name
   * @throws IllegalStateException with one sentence, where its library does not load on this machine
   */
  public static Engine open(String name, Clock clock, Duration longest) {
    return switch (name) {
      case "libtorch" -> new LibtorchEngine(clock, longest);
      case "surrogate" -> new SurrogateEngine(clock);
      default -> throw new IllegalArgumentException(
          "there is no engine '" + name + "'; choose one of " + String.join(", ", NAMES));
    };
  }
}
