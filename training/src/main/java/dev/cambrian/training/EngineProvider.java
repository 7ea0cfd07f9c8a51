package dev.cambrian.training;

import java.time.Clock;
import java.time.Duration;

/**
 * Opens one kind of engine. A library that has one names its provider in {@code META-INF/services}, so that an engine is
 * there where its library is on the class path, and costs nothing elsewhere.
 */
public interface EngineProvider {

  /** The engine's name. */
  String name();

  /**
   * Opens the engine, which the caller closes.
   *
   * @param clock for the time that trainings take
   * @param longest the time after which a training fails as too slow
   * @throws IllegalStateException with one sentence, where it does not run on this machine
   */
  Engine open(Clock clock, Duration longest);
}
