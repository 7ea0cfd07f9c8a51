package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.StateDigest;
import java.nio.file.Path;

/** What can be asked of an experiment, whether a process evolves it or not. */
interface ExperimentView {

  /** The experiment's folder. */
  Path folder();

  /** The object of {@code status --json}. */
  ObjectNode status() throws Exception;

  /**
   * The best model so far, its files written.
   *
   * @throws UserError where nobody was trained yet
   */
  BestModel best() throws Exception;

  /** The digest of the population's state. */
  StateDigest digest() throws Exception;

  /** The name of the engine that trained its models. */
  String engine() throws Exception;
}
