package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.persistence.history.Rows;
import java.util.List;
import java.util.function.Consumer;

/** Makes an object of every row of an answer, by the columns' names. */
final class JsonRows implements Rows {
  private final Consumer<ObjectNode> out;
  private List<String> names = List.of();

  JsonRows(Consumer<ObjectNode> out) {
    this.out = out;
  }

  @Override
  public void columns(List<String> columns) {
    names = List.copyOf(columns);
  }

  @Override
  public void row(List<Object> values) {
    out.accept(Json.row(names, values));
  }
}
