package dev.cambrian.app;

import dev.cambrian.actors.Control;
import dev.cambrian.actors.ControlDecision;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes as a person types them: {@code set KEY=VALUE...} (where {@code set} may be left out), {@code reset-weights},
 * {@code pin [EVENT]} (now, without one) or {@code unpin EVENT}.
 */
final class ControlWords {
  private static final String SET = "set";
  private static final String RESET = "reset-weights";
  private static final String PIN = "pin";
  private static final String UNPIN = "unpin";
  private static final List<String> VERBS = List.of(SET, RESET, PIN, UNPIN);

  private ControlWords() {}

  /**
   * The changes, in order.
   *
   * @param words at least one
   * @throws UserError where they are none
   */
  static List<Control> parsed(List<String> words) {
    String first = words.get(0);
    List<String> rest = words.subList(1, words.size());
    switch (first) {
      case SET:
        if (rest.isEmpty()) {
          throw UserError.usage("set needs KEY=VALUE; the keys are " + String.join(", ", ControlDecision.keys()) + ".");
        }
        return settings(rest);
      case RESET:
        if (!rest.isEmpty()) {
          throw UserError.usage("reset-weights stands alone, without '" + rest.get(0) + "'.");
        }
        return List.of(new Control.ResetWeights());
      case PIN:
        return List.of(rest.isEmpty() || rest.equals(List.of(ControlRequest.NOW))
            ? new Control.PinNow() : new Control.Pin(event(PIN, rest), List.of()));
      case UNPIN:
        return List.of(new Control.Unpin(event(UNPIN, rest)));
      default:
        if (!first.contains("=")) {
          throw unknown(first);
        }
        return settings(words);
    }
  }

  private static List<Control> settings(List<String> words) {
    List<Control> changes = new ArrayList<>();
    for (String word : words) {
      String[] sides = word.split("=", 2);
      if (sides.length < 2) {
        throw ControlDecision.keys().contains(word) ? unknown(word)
            : UserError.usage("a setting is changed with KEY=VALUE, not with '" + word + "'.");
      }
      changes.add(new Control.Set(ControlRequest.checkedKey(sides[0].strip()), sides[1].strip()));
    }
    return changes;
  }

  private static long event(String verb, List<String> words) {
    if (words.size() == 1) {
      try {
        long event = Long.parseLong(words.get(0));
        if (event >= 1) {
          return event;
        }
      } catch (NumberFormatException e) {
        // Falls through to the one complaint.
      }
    }
    throw UserError.usage(verb + " needs the number of one event, not "
        + (words.isEmpty() ? "nothing" : "'" + String.join(" ", words) + "'") + ".");
  }

  private static UserError unknown(String word) {
    if (ControlDecision.keys().contains(word)) {
      return UserError.usage(word + " needs its new value: " + word + "=VALUE.");
    }
    String guess = Spelling.nearest(word, VERBS).map(near -> " Did you mean " + near + "?").orElse("");
    return UserError.usage("'" + word + "' is no change: there are set KEY=VALUE, reset-weights, pin [EVENT] and "
        + "unpin EVENT." + guess);
  }
}
