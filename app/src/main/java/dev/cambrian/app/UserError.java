package dev.cambrian.app;

/** What a person did or has that Cambrian cannot work with: one sentence with the file, key or value in it. */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The exit code of what was asked wrongly: options, configuration. */
  public static final int USAGE = 2;

  /** The exit code of what was asked rightly but cannot be done. */
  public static final int FAILED = 1;

  /** The exit code of a node that its cluster gave up: started again, it joins again. */
  public static final int CUT_OFF = 3;

  private final int exitCode;

  private UserError(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** A wrong option, argument or configuration key. */
  public static UserError usage(String message) {
    return new UserError(USAGE, message, null);
  }

  /** A file, folder, process or disk that does not allow what was asked. */
  public static UserError failed(String message) {
    return new UserError(FAILED, message, null);
  }

  /** The same, with what was thrown, for {@code --verbose}. */
  public static UserError failed(String message, Throwable cause) {
    return new UserError(FAILED, message, cause);
  }

  public int exitCode() {
    return exitCode;
  }
}
