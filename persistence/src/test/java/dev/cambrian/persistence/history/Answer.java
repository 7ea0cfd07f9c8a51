package dev.cambrian.persistence.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** The answer to a query, kept whole. */
final class Answer implements Rows {
  List<String> columns = List.of();
  final List<List<Object>> rows = new ArrayList<>();

  static Answer of(HistoryDatabase history, String sql) throws Exception {
    Answer answer = new Answer();
    assertEquals(history.answer(history.understand(sql), answer), answer.rows.size());
    return answer;
  }

  @Override
  public void columns(List<String> names) {
    columns = names;
  }

  @Override
  public void row(List<Object> values) {
    rows.add(values);
  }

  /** The rows are these, in this order; numbers but for rounding, whatever their types; NaN stands for null. */
  void assertRows(List<List<Object>> expected) {
    assertEquals(expected.size(), rows.size(), "the number of rows");
    for (int i = 0; i < rows.size(); i++) {
      assertEquals(expected.get(i).size(), rows.get(i).size(), "the number of columns");
      for (int column = 0; column < columns.size(); column++) {
        assertSame(expected.get(i).get(column), rows.get(i).get(column), "row " + i + ", " + columns.get(column));
      }
    }
  }

  private static void assertSame(Object expected, Object found, String where) {
    if (expected instanceof Number number && !Double.isNaN(number.doubleValue()) && found instanceof Number other) {
      assertEquals(number.doubleValue(), other.doubleValue(), 1e-9 * (1 + Math.abs(number.doubleValue())), where);
    } else if (expected instanceof Double number && number.isNaN()) {
      assertEquals(null, found, where);
    } else {
      assertEquals(expected, found, where);
    }
  }
}
