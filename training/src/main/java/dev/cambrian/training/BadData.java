package dev.cambrian.training;

/** Data that cannot be used as it is; the message is one sentence that names the file and says what is wrong. */
public final class BadData extends Exception {
  private static final long serialVersionUID = 1L;

  public BadData(String message) {
    super(message);
  }

  public BadData(String message, Throwable cause) {
    super(message, cause);
  }
}
