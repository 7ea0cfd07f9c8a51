package dev.cambrian.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.cambrian.persistence.Range;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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
    return whole(key, new Range.Whole(from, to));
  }

  long whole(String key, Range.Whole range) {
    ConfigValue value = value(key);
    return range.of(text(value)).orElseThrow(() -> wrong(key, value, range.words()));
  }

  double number(String key, Range.Real range) {
    ConfigValue value = value(key);
    return range.of(text(value)).orElseThrow(() -> wrong(key, value, range.words()));
  }

  /** A number in {@code [from, to]}; where {@code above} in {@code (from, to]}. */
  double number(String key, double from, boolean above, double to) {
    return above ? above(key, from, to, "") : number(key, new Range.Real(from, to));
  }

  OptionalLong wholeOrNone(String key, long from, long to) {
    return text(value(key)).equals("none") ? OptionalLong.empty() : OptionalLong.of(wholeOr(key, from, to, "none"));
  }

  /** A number above {@code from}, up to {@code to}. */
  OptionalDouble numberAboveOrNone(String key, double from, double to) {
    return text(value(key)).equals("none")
        ? OptionalDouble.empty() : OptionalDouble.of(above(key, from, to, ", or none"));
  }

  /** A whole number, or the given value for the word {@code auto}. */
  OptionalInt wholeOrAuto(String key, int from, int to) {
    return text(value(key)).equals("auto") ? OptionalInt.empty() : OptionalInt.of((int) wholeOr(key, from, to, "auto"));
  }

  private long wholeOr(String key, long from, long to, String word) {
    ConfigValue value = value(key);
    Range.Whole range = new Range.Whole(from, to);
    return range.of(text(value)).orElseThrow(() -> wrong(key, value, range.words() + ", or " + word));
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
    return choice(key, Range.Choice.of(choices));
  }

  String choice(String key, Range.Choice range) {
    ConfigValue value = value(key);
    String text = text(value);
    if (range.choices().contains(text)) {
      return text;
    }
    String guess = Spelling.nearest(text, range.choices())
        .map(near -> "; did you mean " + near + "?")
        .orElse("");
    throw wrong(key, value, range.words(), guess);
  }

  /** The words of a list, or of one text in which commas part them. */
  List<String> list(String key) {
    ConfigValue value = value(key);
    if (value instanceof ConfigList list) {
      return list.stream().map(CheckedValues::text).toList();
    }
    return Arrays.stream(text(value).split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
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

  private double above(String key, double from, double to, String orElse) {
    ConfigValue value = value(key);
    try {
      double number = Double.parseDouble(text(value));
      if (number > from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one complaint.
    }
    String end = to < Double.MAX_VALUE ? ", up to " + Range.plain(to) : "";
    throw wrong(key, value, "a number above " + Range.plain(from) + end + orElse);
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
