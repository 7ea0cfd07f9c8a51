package dev.cambrian.actors;

/** An experiment that cannot be opened or go on; the message is one sentence that says why and what to do. */
public class CannotStart extends Exception {
  private static final long serialVersionUID = 1L;

  public CannotStart(String message) {
    super(message);
  }

  public CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
