package dev.cambrian.persistence.history;

import java.util.List;

/** Takes the answer to a query, row by row. */
public interface Rows {

  /** The columns' names, each another; comes once, before the first row. */
  void columns(List<String> names);

  /**
   * One row: for each column null, a Boolean, a Number, a String, or a List or Map of such. Times are strings in
   * ISO-8601, in UTC.
   */
  void row(List<Object> values);
}
