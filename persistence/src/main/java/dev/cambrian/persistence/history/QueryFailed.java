package dev.cambrian.persistence.history;

import java.io.IOException;

/** A question that was understood and could not be answered: one sentence with the reason. */
public final class QueryFailed extends IOException {
  private static final long serialVersionUID = 1L;

  QueryFailed(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
