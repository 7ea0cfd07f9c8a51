package dev.cambrian.persistence;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/** A moment of a history as a person names it: an event's number, or a time. */
public sealed interface Moment {

  /** Right after the event of this number. */
  record Event(long number) implements Moment {}

  /** Right after the last event that was not later. */
  record Time(Instant at) implements Moment {}

  /**
   * The moment that a text names: {@code 1234}, {@code 2026-11-22T10:15:30Z} or with another offset, and in the given
   * zone {@code 2026-11-22T10:15:30}, {@code 2026-11-22 10:15} or {@code 2026-11-22} (where that day begins).
   *
   * @throws IllegalArgumentException with a clause that says what it must be
   */
  static Moment parse(String text, ZoneId zone) {
    if (text.matches("\\d{1,18}")) {
      return new Event(Long.parseLong(text));
    }
    try {
      return new Time(time(text.strip().replace(' ', 'T'), zone));
    } catch (DateTimeException neither) {
      throw new IllegalArgumentException(
          "must be an event's number, or a time like 2026-11-22T10:15:30 or 2026-11-22T09:15:30Z, not '" + text + "'",
          neither);
    }
  }

  private static Instant time(String text, ZoneId zone) {
    if (!text.contains("T")) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    try {
      return LocalDateTime.parse(text).atZone(zone).toInstant();
    } catch (DateTimeParseException withAnOffset) {
      return OffsetDateTime.parse(text).toInstant();
    }
  }

  /**
   * The number of the event at this moment of a history, of whose records only a few are read.
   *
   * @throws IllegalArgumentException with a clause, where it lies before the first event or behind the last
   */
  default long in(JournalReader history) throws IOException {
    long last = history.last();
    if (this instanceof Event event) {
      if (event.number < 1 || event.number > last) {
        throw new IllegalArgumentException("must be an event from 1 to " + last + ", not " + event.number);
      }
      return event.number;
    }
    Instant at = ((Time) this).at;
    if (last == 0 || history.event(1).at().isAfter(at)) {
      throw new IllegalArgumentException("must be a time after the beginning"
          + (last == 0 ? "" : ", " + history.event(1).at()) + ", not " + at);
    }
    // The clock of one experiment goes forward; where somebody set it back, any moment of that time is as good.
    long notLater = 1;
    long later = last + 1;
    while (later - notLater > 1) {
      long middle = (notLater + later) >>> 1;
      if (history.event(middle).at().isAfter(at)) {
        later = middle;
      } else {
        notLater = middle;
      }
    }
    return notLater;
  }
}
