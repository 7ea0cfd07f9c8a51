package dev.cambrian.persistence.history;

import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBStruct;

/** DuckDB's values as {@link Rows} takes them. */
final class Plain {
  private Plain() {}

  /** Gives a result's columns and rows, and returns the number of rows. */
  static long rows(ResultSet result, Rows rows) throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    List<String> names = new ArrayList<>();
    Set<String> given = new HashSet<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String name = columns.getColumnLabel(i);
      for (int again = 1; !given.add(name); again++) {
        name = columns.getColumnLabel(i) + "_" + again;
      }
      names.add(name);
    }
    rows.columns(names);
    long count = 0;
    for (; result.next(); count++) {
      List<Object> row = new ArrayList<>(names.size());
      for (int i = 1; i <= names.size(); i++) {
        row.add(value(result.getObject(i)));
      }
      rows.row(row);
    }
    return count;
  }

  private static Object value(Object value) throws SQLException {
    if (value == null || value instanceof Boolean || value instanceof Number || value instanceof String) {
      return value;
    } else if (value instanceof Timestamp time) {
      return time.toLocalDateTime().toInstant(ZoneOffset.UTC).toString();
    } else if (value instanceof Array array) {
      return list(Arrays.asList((Object[]) array.getArray()));
    } else if (value instanceof DuckDBStruct struct) {
      return map(struct.getMap());
    } else if (value instanceof Struct struct) {
      return list(Arrays.asList(struct.getAttributes()));
    } else if (value instanceof Map<?, ?> map) {
      return map(map);
    } else if (value instanceof Blob bytes) {
      return HexFormat.of().formatHex(bytes.getBytes(1, (int) bytes.length()));
    }
    return value.toString();
  }

  private static List<Object> list(List<?> values) throws SQLException {
    List<Object> plain = new ArrayList<>(values.size());
    for (Object value : values) {
      plain.add(value(value));
    }
    return plain;
  }

  private static Map<String, Object> map(Map<?, ?> values) throws SQLException {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      plain.put(String.valueOf(value(entry.getKey())), value(entry.getValue()));
    }
    return plain;
  }
}
