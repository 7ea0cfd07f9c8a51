package dev.cambrian.persistence.history;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/** One query that a {@link HistoryDatabase} has understood, and how much of the history it looks at. */
public final class Question {

  /** What DuckDB's own parser makes of a text: an error, or its SELECT statements and the tables in them. */
  private static final String PARSE = """
      SELECT json_extract_string(parsed, '$.error_type'), json_extract_string(parsed, '$.error_message'),
        json_array_length(parsed, '$.statements'), json_extract_string(parsed, '$..table_name'),
        list_contains(json_extract_string(parsed, '$..type'), 'TABLE_FUNCTION')
      FROM (SELECT json_serialize_sql(CAST(? AS VARCHAR)) AS parsed)""";

  /** The tables that need every biography; the spine alone fills the others. */
  private static final Set<String> OF_THE_BIOGRAPHIES = Set.of("individuals", "trainings", "curves", "workers");

  /** DuckDB's parser takes very long over brackets that are nested deeper by far. */
  private static final int DEEPEST = 100;

  private final String sql;
  private final boolean asksBiographies;

  private Question(String sql, boolean asksBiographies) {
    this.sql = sql;
    this.asksBiographies = asksBiographies;
  }

  /**
   * Understands a text; nothing is executed.
   *
   * @throws QueryRefused where it is not one SELECT over these tables
   */
  static Question of(DuckDBConnection database, String sql) throws QueryRefused {
    requireShallow(sql);
    try (PreparedStatement parse = database.prepareStatement(PARSE)) {
      parse.setString(1, sql);
      boolean biographies;
      try (ResultSet parsed = parse.executeQuery()) {
        parsed.next();
        requireOneSelect(parsed.getString(1), parsed.getString(2), parsed.getLong(3));
        // A function may look at any table, e.g. query_table.
        biographies = parsed.getBoolean(5);
        for (Object table : (Object[]) parsed.getArray(4).getArray()) {
          biographies |= OF_THE_BIOGRAPHIES.contains(String.valueOf(table).toLowerCase(Locale.ROOT));
        }
      }
      requireKnownNames(database, sql);
      return new Question(sql, biographies);
    } catch (SQLException e) {
      throw new QueryRefused("the query cannot be understood: " + DuckDbWords.of(e));
    }
  }

  private static void requireShallow(String sql) throws QueryRefused {
    int depth = 0;
    for (int i = 0; i < sql.length(); i++) {
      char sign = sql.charAt(i);
      depth = Math.max(0, depth + ("([{".indexOf(sign) >= 0 ? 1 : ")]}".indexOf(sign) >= 0 ? -1 : 0));
      if (depth > DEEPEST) {
        throw new QueryRefused("the query nests more than " + DEEPEST + " brackets; write it with WITH.");
      }
    }
  }

  private static void requireOneSelect(String errorType, String error, long statements) throws QueryRefused {
    if ("parser".equals(errorType)) {
      throw new QueryRefused("the query cannot be understood: " + DuckDbWords.sentence(error));
    }
    if (errorType != null) {
      throw new QueryRefused("a query only reads: it must begin with SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW or "
          + "SUMMARIZE.");
    }
    if (statements != 1) {
      throw new QueryRefused(statements == 0
          ? "the query is empty; 'SHOW TABLES' shows what can be asked."
          : "the query holds " + statements + " statements; ask them one at a time.");
    }
  }

  private static void requireKnownNames(DuckDBConnection database, String sql) throws QueryRefused, SQLException {
    try (PreparedStatement query = database.prepareStatement(sql)) {
      if (query.getParameterMetaData().getParameterCount() > 0) {
        throw new QueryRefused("the query has parameters (? or $); write their values into it.");
      }
      query.getMetaData();
    }
  }

  String sql() {
    return sql;
  }

  /** Whether it looks at a table that is filled from the biographies. */
  boolean asksBiographies() {
    return asksBiographies;
  }
}
