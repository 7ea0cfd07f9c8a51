package dev.cambrian.persistence;

import java.io.IOException;

/** An experiment's home that cannot be used as asked: one sentence with its path and what to do. */
public final class UnusableHome extends IOException {
  private static final long serialVersionUID = 1L;

  UnusableHome(String sentence) {
    super(sentence);
  }

  UnusableHome(String sentence, IOException cause) {
    super(sentence, cause);
  }
}
