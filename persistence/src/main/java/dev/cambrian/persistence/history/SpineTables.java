package dev.cambrian.persistence.history;

import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.RunningTime;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.duckdb.DuckDBConnection;

/** Fills the tables of what the spine tells, event by event. Of what came before it remembers only the time. */
final class SpineTables implements AutoCloseable {
  private static final double MILLIS = 1000;

  private final Table events;
  private final Table tournaments;
  private final Table controls;
  private final Table told;
  private final Table lost;
  private final Table tested;
  private RunningTime running = RunningTime.NONE;
  private int sitting;
  private long last;
  private boolean graphs;

  SpineTables(DuckDBConnection database) throws SQLException {
    events = new Table(database, "main", "events");
    tournaments = new Table(database, "main", "tournaments");
    controls = new Table(database, "main", "controls");
    told = new Table(database, "loaded", "told");
    lost = new Table(database, "loaded", "lost");
    tested = new Table(database, "loaded", "tested");
  }

  /** Takes the spine's next event. */
  void add(long number, PopulationEvent event) {
    last = number;
    running = running.and(event);
    sitting += RunningTime.begins(event) ? 1 : 0;
    double seconds = running.millis() / MILLIS;
    EventRow row = EventRow.of(event);
    events.row(last, event.at(), seconds, sitting, EventCodec.name(event), row.individual(), row.attempt(),
        row.worker(), row.fitness(), row.flops(), row.command(), row.detail());
    ControlRow.of(event).ifPresent(control -> controls.row(
        last, event.at(), seconds, EventCodec.name(event), control.command(), control.key(), control.value()));
    if (event instanceof PopulationEvent.ExperimentStarted started) {
      graphs = started.settings().space().equals("graph");
    } else if (event instanceof PopulationEvent.TournamentHeld held) {
      boolean child = held.child() != 0;
      tournaments.row(last, held.at(), seconds, held.first(), held.second(), orNull(held.killed()),
          orNull(held.parent()), child ? held.child() : null,
          child ? held.mutation().perReproduction() : null, child ? held.worker() : null);
    } else if (event instanceof PopulationEvent.ChildTrained trained) {
      told.row(last, trained.at(), seconds, trained.child(), trained.attempt(), true, trained.fitness(),
          trained.weights(), trained.flops(), null);
    } else if (event instanceof PopulationEvent.ChildFailed failed) {
      told.row(last, failed.at(), seconds, failed.child(), failed.attempt(), false, null, null, failed.flops(),
          failed.reason());
    } else if (event instanceof PopulationEvent.LossAccepted loss) {
      loss.individuals().forEach(individual -> lost.row(last, loss.at(), seconds, individual));
    } else if (event instanceof PopulationEvent.TestRead read) {
      tested.row(last, read.individual(), read.testAccuracy());
    }
  }

  /** The number of the last event; 0 before the first. */
  long last() {
    return last;
  }

  /** Whether the genotypes of this history are graphs. */
  boolean graphs() {
    return graphs;
  }

  private static Long orNull(OptionalLong id) {
    return id.isPresent() ? id.getAsLong() : null;
  }

  @Override
  public void close() throws SQLException {
    for (Table table : new Table[] {events, tournaments, controls, told, lost, tested}) {
      table.close();
    }
  }
}
