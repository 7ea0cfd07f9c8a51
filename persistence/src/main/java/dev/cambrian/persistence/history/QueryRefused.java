package dev.cambrian.persistence.history;

import java.io.IOException;

/** SQL that asks nothing that the history can answer: one sentence, for whoever wrote it. */
public final class QueryRefused extends IOException {
  private static final long serialVersionUID = 1L;

  QueryRefused(String sentence) {
    super(sentence);
  }
}
