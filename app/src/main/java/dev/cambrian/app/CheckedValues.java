package dev.cambrian.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads typed values from a configuration, checks their ranges, and remembers which keys were read: those are the keys
 * that exist. Every complaint is a {@link UserError} that names the option, or the file, line and key.
 */
final class CheckedValues {
  private final Config config;
  private final Set<String> read = new TreeSet<>();

  CheckedValues(Config config) {
    this.config = config;
  }

  /** Every key that was asked for. */
  Set<String> keysRead() {
    return read;
  }

  long whole(String key, long from, long to) {
    ConfigValue value = value(key);
    String text = text(value);
    try {
      long number = Long.parseLong(text);
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one complaint.
    }
    throw wrong(key, value, from == Long.MIN_VALUE ? "a whole number" : "a whole number from " + from + " to " + to);
  }

  /** A number in {@code [from, to]}; where {@code above} in {@code (from, to]}. */
  double number(String key, double from, boolean above, double to) {
    ConfigValue value = value(key);
    return number(key, value, from, above, to, "");
  }

  OptionalLong wholeOrNone(String key, long from, long to) {
    ConfigValue value = value(key);
    String text = text(value);
    if (text.equals("none")) {
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
    throw wrong(key, value, "a whole number from " + from + " to " + to + ", or none");
  }

  OptionalDouble numberOrNone(String key, double from, boolean above, double to) {
    ConfigValue value = value(key);
    return text(value).equals("none")
        ? OptionalDouble.empty()
        : OptionalDouble.of(number(key, value, from, above, to, ", or none"));
  }

  /** A whole number, or the given value for the word {@code auto}. */
  long wholeOrAuto(String key, long from, long to, long auto) {
    ConfigValue value = value(key);
    if (text(value).equals("auto")) {
      return auto;
    }
    try {
      long number = Long.parseLong(text(value));
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one complaint.
    }
    throw wrong(key, value, "a whole number from " + from + " to " + to + ", or auto");
  }

  boolean flag(String key) {
    ConfigValue value = value(key);
    String text = text(value);
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw wrong(key, value, "true or false");
  }

  String choice(String key, String... choices) {
    ConfigValue value = value(key);
    String text = text(value);
    if (Arrays.asList(choices).contains(text)) {
      return text;
    }
    String guess = Spelling.nearest(text, Arrays.asList(choices))
        .map(near -> "; did you mean " + near + "?")
        .orElse("");
    throw wrong(key, value, "one of " + String.join(", ", choices), guess);
  }

  String words(String key) {
    return text(value(key));
  }

  /** A path: from a file it is relative to that file's folder, from the command line to the working directory. */
  Path path(String key, Path install) {
    ConfigValue value = value(key);
    String text = text(value);
    try {
      String file = value.origin().filename();
      if (file != null) {
        return Path.of(file).toAbsolutePath().resolveSibling(text).normalize();
      }
      boolean option = value.origin().description().startsWith("--");
      return (option ? Path.of("") : install).toAbsolutePath().resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw wrong(key, value, "a path");
    }
  }

  /** A complaint about the value of a key: which one, where it stands, and what would be right. */
  UserError wrong(String key, String right) {
    return wrong(key, value(key), right);
  }

  /** How a person finds the value of a key. */
  String place(String key) {
    return place(key, value(key).origin());
  }

  private static UserError wrong(String key, ConfigValue value, String right) {
    return wrong(key, value, right, "");
  }

  private static UserError wrong(String key, ConfigValue value, String right, String hint) {
    String shown = value.valueType() == ConfigValueType.STRING && text(value).isEmpty() ? "empty" : text(value);
    return UserError.usage(place(key, value.origin()) + " must be " + right + ", not " + shown + hint
        + (hint.endsWith("?") ? "" : "."));
  }

  /** How a person finds a value: the option, or the file, its line and the key. */
  static String place(String key, ConfigOrigin origin) {
    if (origin.description().startsWith("--") || origin.description().equals("NAME")) {
      return origin.description();
    }
    String file = origin.filename() == null ? "application.conf" : origin.filename();
    String line = origin.lineNumber() > 0 ? ", line " + origin.lineNumber() : "";
    return file + line + ": " + key;
  }

  private static double number(
      String key, ConfigValue value, double from, boolean above, double to, String orElse) {
    try {
      double number = Double.parseDouble(text(value));
      if ((above ? number > from : number >= from) && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one complaint.
    }
    String range = to < Double.MAX_VALUE
        ? (above ? "above " + plain(from) + ", up to " + plain(to) : "from " + plain(from) + " to " + plain(to))
        : (above ? "above " + plain(from) : "of at least " + plain(from));
    throw wrong(key, value, "a number " + range + orElse);
  }

  private static String plain(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? String.valueOf((long) number) : String.valueOf(number);
  }

  private ConfigValue value(String key) {
    read.add(key);
    try {
      return config.getValue(key);
    } catch (ConfigException.Missing | ConfigException.WrongType e) {
      ConfigOrigin origin = e.origin();
      String file = origin == null || origin.filename() == null ? "application.conf" : origin.filename();
      throw UserError.usage(file + ": " + key + " needs a value.");
    }
  }

  private static String text(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING
        ? value.unwrapped().toString()
        : value.render(ConfigRenderOptions.concise());
  }
}
