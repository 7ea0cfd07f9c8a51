package dev.cambrian.app;

import dev.cambrian.actors.ControlAnswer;

/** Who can change an experiment: the process that evolves it, or its journal where none does. */
interface Steering {

  /**
   * Makes one change.
   *
   * @throws UserError where it makes no sense; nothing was changed then
   */
  ControlAnswer control(ControlRequest request) throws Exception;
}
