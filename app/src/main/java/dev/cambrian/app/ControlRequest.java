package dev.cambrian.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cambrian.actors.Control;
import dev.cambrian.actors.ControlDecision;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/**
 * A request to change one thing about an experiment, as a JSON object:
 * {@code {"id": "...", "set": {"population": 200}}}, or instead of {@code set} one of {@code "resetWeights": true},
 * {@code "pin": EVENT} or {@code "now"}, {@code "unpin": EVENT}.
 *
 * @param id the client's own; a request with the id of an earlier one changes nothing and is answered like that one
 */
record ControlRequest(String id, Control change) {
  private static final String ID_PATTERN = "[A-Za-z0-9._:-]{1,64}";
  private static final String ID = "id";
  private static final String SET = "set";
  private static final String RESET = "resetWeights";
  private static final String PIN = "pin";
  private static final String UNPIN = "unpin";
  /** In place of an event: the last one. */
  static final String NOW = "now";
  private static final List<String> CHANGES = List.of(SET, RESET, PIN, UNPIN);

  /** A new id for a request whose client gives none. */
  static String newId() {
    return UUID.randomUUID().toString();
  }

  /**
   * An id that a client gives.
   *
   * @param place how the client gave it
   * @throws UserError where it is none
   */
  static String checkedId(String place, String id) {
    if (!id.matches(ID_PATTERN)) {
      throw UserError.usage(place + " must be 1 to 64 letters, digits, '.', '_', ':' and '-'.");
    }
    return id;
  }

  /**
   * A key that can be set.
   *
   * @throws UserError where there is none of that name
   */
  static String checkedKey(String key) {
    List<String> keys = ControlDecision.keys();
    if (!keys.contains(key)) {
      String guess = Spelling.nearest(key, keys)
          .map(near -> "did you mean " + near + "?")
          .orElse("there are " + String.join(", ", keys) + ".");
      throw UserError.usage("'" + shown(key) + "' cannot be set; " + guess);
    }
    return key;
  }

  /**
   * The request of a JSON object.
   *
   * @throws UserError where it is none
   */
  static ControlRequest of(ObjectNode body) {
    String change = "";
    for (Iterator<String> names = body.fieldNames(); names.hasNext();) {
      String name = names.next();
      if (CHANGES.contains(name)) {
        if (!change.isEmpty()) {
          throw UserError.usage("a request has one of " + String.join(", ", CHANGES) + ", not " + change + " and "
              + name + ": every change is an event of its own.");
        }
        change = name;
      } else if (!name.equals(ID)) {
        throw UserError.usage("a request has no '" + shown(name) + "'; it has " + ID + " and one of "
            + String.join(", ", CHANGES) + ".");
      }
    }
    if (change.isEmpty()) {
      throw UserError.usage("a request needs one of " + String.join(", ", CHANGES) + ".");
    }
    return new ControlRequest(id(body.get(ID)), change(change, body.get(change)));
  }

  private static String id(JsonNode id) {
    if (id == null) {
      return newId();
    }
    return checkedId(ID, id.isTextual() ? id.asText() : "");
  }

  private static Control change(String change, JsonNode value) {
    switch (change) {
      case SET:
        return set(value);
      case RESET:
        if (value.isBoolean() && value.asBoolean()) {
          return new Control.ResetWeights();
        }
        throw UserError.usage(RESET + " must be true.");
      case PIN:
        return value.isTextual() && value.asText().equals(NOW)
            ? new Control.PinNow() : new Control.Pin(event(PIN, value, ", or \"now\""), List.of());
      default:
        return new Control.Unpin(event(UNPIN, value, ""));
    }
  }

  private static Control set(JsonNode value) {
    if (!value.isObject() || value.size() != 1) {
      throw UserError.usage(SET + " must be an object of one key and its value, like {\"population\": 200}: every "
          + "change is an event of its own.");
    }
    String key = checkedKey(value.fieldNames().next());
    JsonNode to = value.get(key);
    if (!to.isValueNode() || to.isNull()) {
      throw UserError.usage(key + " must be a text, a number, true or false.");
    }
    return new Control.Set(key, to.asText().strip());
  }

  private static long event(String field, JsonNode value, String orElse) {
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 1) {
      throw UserError.usage(field + " must be the number of an event" + orElse + ".");
    }
    return value.asLong();
  }

  /** The object that {@link #of} reads. */
  ObjectNode json() {
    ObjectNode body = Json.object().put(ID, id);
    if (change instanceof Control.Set set) {
      body.putObject(SET).put(set.key(), set.value());
    } else if (change instanceof Control.ResetWeights) {
      body.put(RESET, true);
    } else if (change instanceof Control.Pin pin) {
      body.put(PIN, pin.event());
    } else if (change instanceof Control.PinNow) {
      body.put(PIN, NOW);
    } else {
      body.put(UNPIN, ((Control.Unpin) change).event());
    }
    return body;
  }

  /** What it asks for, as on the command line. */
  String text() {
    if (change instanceof Control.Set set) {
      return set.key() + "=" + set.value();
    } else if (change instanceof Control.ResetWeights) {
      return "reset-weights";
    } else if (change instanceof Control.Pin pin) {
      return "pin " + pin.event();
    } else if (change instanceof Control.PinNow) {
      return "pin";
    }
    return "unpin " + ((Control.Unpin) change).event();
  }

  /** What {@link #of} takes. */
  static ObjectNode schema() {
    ObjectNode set = JsonSchema.anyObject("A key and its new value.").put("minProperties", 1).put("maxProperties", 1);
    ObjectNode key = set.putObject("propertyNames");
    ControlDecision.keys().forEach(key.putArray("enum")::add);
    set.putObject("additionalProperties").putArray("type").add("string").add("number").add("boolean");
    ObjectNode pinned = Json.object()
        .put("description", "Keep the weights of the moment after this event, or of the last one until now.");
    pinned.putArray("anyOf")
        .add(JsonSchema.whole("An event.", 1))
        .add(JsonSchema.choice("The last one.", List.of(NOW)));
    ObjectNode schema = JsonSchema.object(JsonSchema.fields()
        .maybe(ID, JsonSchema.text("Yours: a request with the id of an earlier one changes nothing and is answered "
            + "like that one. One is made up where it is missing.").put("pattern", "^" + ID_PATTERN + "$"))
        .maybe(SET, set)
        .maybe(RESET, JsonSchema.onlyTrue("Everybody trains again from fresh weights."))
        .maybe(PIN, pinned)
        .maybe(UNPIN, JsonSchema.whole("Keep them no longer.", 1)));
    List<ObjectNode> one = new ArrayList<>();
    for (String change : CHANGES) {
      ObjectNode has = Json.object();
      has.putArray("required").add(change);
      one.add(has);
    }
    schema.putArray("oneOf").addAll(one);
    return schema;
  }

  private static String shown(String word) {
    return word.length() > 40 ? word.substring(0, 40) + "..." : word;
  }
}
