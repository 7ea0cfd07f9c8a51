package dev.cambrian.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a request says: the values of its route's parameters, as far as it gives them, and the object that it carries
 * (empty for a route that takes none).
 */
record Asked(Map<String, String> parameters, ObjectNode body) {

  Asked {
    parameters = Map.copyOf(parameters);
  }

  /** A parameter as it was given. */
  Optional<String> text(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /**
   * A parameter that is a whole number.
   *
   * @throws UserError where it is not one of that range
   */
  OptionalLong whole(String name, long from, long to) {
    String text = parameters.get(name);
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      long number = Long.parseLong(text);
      if (number >= from && number <= to) {
        return OptionalLong.of(number);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one complaint.
    }
    throw UserError.usage(name + " must be a whole number from " + from + " to " + to + ", not '" + text + "'.");
  }
}
