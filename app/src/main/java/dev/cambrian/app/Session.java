package dev.cambrian.app;

import dev.cambrian.actors.CannotStart;
import dev.cambrian.actors.CutOff;
import dev.cambrian.persistence.UnusableHome;
import dev.cambrian.training.StoreUnreachable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a command runs: its two output streams and what they can show, and the folder of the installation.
 *
 * @param terminal whether {@code out} is a terminal that can be drawn on
 * @param unicode whether {@code out} shows block characters
 * @param install the folder of application.conf
 */
record Session(PrintStream out, PrintStream err, boolean terminal, boolean unicode, Path install) {

  /** This process's own, as the launcher describes it. */
  static Session ofProcess() {
    Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
    return new Session(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, charset),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
        Boolean.getBoolean("cambrian.terminal"),
        charset.equals(StandardCharsets.UTF_8),
        Path.of(System.getProperty("cambrian.install", "")).toAbsolutePath());
  }

  /** Says in one sentence what is wrong. */
  void complain(String message) {
    err.println("cambrian: " + message);
  }

  /** Reports what was thrown, without its stack trace unless that was asked for, and returns the exit code. */
  int report(Throwable thrown, boolean verbose) {
    if (thrown instanceof UncheckedIOException wrapped) {
      return report(wrapped.getCause(), verbose);
    }
    if (thrown instanceof UserError error) {
      complain(error.getMessage());
      if (verbose && error.getCause() != null) {
        error.getCause().printStackTrace(err);
      }
      return error.exitCode();
    }
    if (thrown instanceof UnusableHome || thrown instanceof CannotStart || thrown instanceof StoreUnreachable) {
      String sentence = thrown.getMessage();
      complain(sentence.endsWith(".") ? sentence : sentence + ".");
      if (verbose) {
        thrown.printStackTrace(err);
      }
      return thrown instanceof CutOff ? UserError.CUT_OFF : UserError.FAILED;
    }
    String what = Optional.ofNullable(thrown.getMessage())
        .flatMap(message -> message.lines().findFirst())
        .orElse(thrown.getClass().getSimpleName());
    complain("it failed unexpectedly: " + what + (verbose ? "" : " (--verbose shows where)"));
    if (verbose) {
      thrown.printStackTrace(err);
    }
    return UserError.FAILED;
  }
}
