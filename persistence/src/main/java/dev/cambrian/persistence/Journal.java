package dev.cambrian.persistence;

import com.typesafe.config.Config;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where the events of one experiment are kept, and everything that depends on where that is. */
public interface Journal {

  /**
   * The journal of a home's experiment: in PostgreSQL where the home says so, otherwise LevelDB's in the home.
   *
   * @throws UnusableHome where the home does not say it legibly
   */
  static Journal of(ExperimentHome home) throws UnusableHome {
    Optional<PostgresServer> server = PostgresServer.of(home);
    return server.isPresent() ? PostgresJournal.of(home, server.get()) : new LevelDbJournal(home);
  }

  /** The experiment's home: its weights, its log, and whatever else is not in the journal. */
  ExperimentHome home();

  /** Where it is, as a person reads it. */
  String place();

  /** Whether it has any event. */
  boolean begun() throws IOException;

  /**
   * Takes the right to evolve, and makes home and journal where they are not there yet; close it to give that back.
   *
   * @param withOthers whether other machines may hold it at the same time, as nodes of one cluster do
   * @throws UnusableHome where somebody else holds it, or home or journal cannot be used; it names the reason
   */
  Closeable hold(boolean withOthers) throws IOException;

  /** The keys of Akka's configuration that make it write to this journal. */
  Config akkaConfig();

  /** Opens what records how far the spine was acknowledged; by the process that evolves. */
  AcknowledgedHead acknowledged() throws IOException;

  /**
   * Whether it holds everything that was ever acknowledged. To be asked before Akka opens it, by whoever holds the
   * home's lock.
   *
   * @throws IOException where it cannot be read
   * @throws IllegalArgumentException with one sentence where a later version of Cambrian wrote it
   */
  JournalVerdict check() throws IOException;

  /**
   * Opens the history as it is now; an experiment that has not begun has no events.
   *
   * @throws UnusableHome where it is damaged, or does not reach what was acknowledged
   */
  JournalReader read() throws IOException;

  /**
   * Appends to the spine of an experiment that no process evolves, all or none of it; the caller holds the home's lock.
   *
   * @param decidedOn the spine's end on which the events were decided
   * @return the spine's new end
   * @throws UnusableHome where the journal has lost events or holds none
   * @throws IllegalStateException where the spine does not end so
   */
  StreamHead append(StreamHead decidedOn, List<? extends PopulationEvent> events) throws IOException;

  /**
   * Writes the journal of a fork of this experiment, of the same kind as this one; it shares the snapshots, too.
   *
   * @param event the last event that both share
   * @param fork a home without a journal, whose lock the caller holds
   * @param experiment the fork's name
   * @param own what happens in the fork first
   * @return the fork's spine
   * @throws UnusableHome where there is no such event, or results that were known then have been lost
   */
  StreamHead fork(long event, ExperimentHome fork, String experiment, List<? extends PopulationEvent> own)
      throws IOException;
}
