package dev.cambrian.app;

import dev.cambrian.actors.PopulationState;
import dev.cambrian.actors.Rewind;
import dev.cambrian.model.MutationKind;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.Journal;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.Moment;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.List;

/** What happened in an experiment up to now: its events, its individuals' lives, and its population at any moment. */
final class RecordedHistory implements AutoCloseable {
  private final String name;
  private final JournalReader journal;
  private final Rewind rewind;

  private RecordedHistory(String name, JournalReader journal, Rewind rewind) {
    this.name = name;
    this.journal = journal;
    this.rewind = rewind;
  }

  /**
   * Opens the history that a journal holds now.
   *
   * @throws UserError where it has not begun
   */
  static RecordedHistory open(Journal from) throws IOException {
    String name = from.home().directory().getFileName().toString();
    JournalReader journal = from.read();
    try {
      if (journal.last() == 0) {
        throw UserError.failed(name + " has not begun yet; 'cambrian evolve " + name + "' starts it.");
      }
      return new RecordedHistory(name, journal, Rewind.of(journal));
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** The experiment's name. */
  String name() {
    return name;
  }

  JournalReader journal() {
    return journal;
  }

  Rewind rewind() {
    return rewind;
  }

  /** The number of the last event. */
  long last() {
    return journal.last();
  }

  /** The population right after an event. */
  PopulationState population(long event) throws IOException {
    return rewind.to(event);
  }

  /** The biography of an individual; empty where there is none. */
  List<IndividualEvent> biography(long individual) {
    try {
      return journal.biography(individual);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mutations that made the child that an event assigns; none where it assigns none. */
  List<MutationKind> mutations(PopulationEvent event) {
    return event instanceof PopulationEvent.TournamentHeld held && held.child() != 0
        ? new Life(biography(held.child())).mutations() : List.of();
  }

  /**
   * The event at the moment that an option names.
   *
   * @throws UserError where there is none
   */
  long event(String option, String moment) throws IOException {
    try {
      return Moment.parse(moment, ZoneId.systemDefault()).in(journal);
    } catch (IllegalArgumentException none) {
      throw UserError.usage(option + " " + none.getMessage() + ".");
    }
  }

  /** Tells, where a crash tore the end of the journal, what is cut off. */
  void noteTornEnd(Session session) {
    journal.tornEnd().ifPresent(note -> session.err().println("cambrian: note: " + note));
  }

  @Override
  public void close() throws IOException {
    journal.close();
  }
}
