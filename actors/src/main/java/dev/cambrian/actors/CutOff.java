package dev.cambrian.actors;

/**
 * A node that its cluster has given up, or that has given itself up, because they could not reach each other; started
 * anew it may join again. The message is one sentence.
 */
public final class CutOff extends CannotStart {
  private static final long serialVersionUID = 1L;

  public CutOff(String message) {
    super(message);
  }
}
