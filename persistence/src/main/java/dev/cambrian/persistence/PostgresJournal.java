package dev.cambrian.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of an experiment on PostgreSQL, in a schema of its own, that several machines reach. Two populations may
 * write to it: of two records with one number the first is kept and the other one's writer fails, reads on, and decides
 * anew. Nothing beside it tells how far the spine was acknowledged: a row of the same database would be lost with it.
 *
 * @param home what is kept on this machine; need not be there for reading
 */
public record PostgresJournal(ExperimentHome home, PostgresServer server, String experiment, PostgresSchema schema)
    implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresJournal.class);

  private static final AcknowledgedHead IN_THE_JOURNAL = new AcknowledgedHead() {
    @Override
    public StreamHead head() {
      return StreamHead.EMPTY;
    }

    @Override
    public void record(StreamHead next) {}

    @Override
    public void close() {}
  };

  /** The journal of a home's experiment on a server, whether it is there or not. */
  public static PostgresJournal of(ExperimentHome home, PostgresServer server) throws UnusableHome {
    return of(home, server, home.directory().getFileName().toString());
  }

  private static PostgresJournal of(ExperimentHome home, PostgresServer server, String experiment)
      throws UnusableHome {
    return new PostgresJournal(home, server, experiment, PostgresSchema.of(server, experiment));
  }

  @Override
  public String place() {
    return "the schema " + schema.name() + " of " + server.place();
  }

  @Override
  public Config akkaConfig() {
    Config keys = server.akkaConfig();
    for (Map.Entry<String, String> key : Map.of(
        "jdbc-journal.tables.event_journal.schemaName", schema.name(),
        "jdbc-snapshot-store.tables.snapshot.schemaName", schema.name(),
        "jdbc-snapshot-store.tables.snapshot.tableName", PostgresSnapshots.TABLE).entrySet()) {
      keys = keys.withValue(key.getKey(), ConfigValueFactory.fromAnyRef(key.getValue()));
    }
    return keys.withFallback(
        ConfigFactory.parseResources(PostgresJournal.class.getClassLoader(), "persistence-postgresql.conf"));
  }

  @Override
  public AcknowledgedHead acknowledged() {
    return IN_THE_JOURNAL;
  }

  @Override
  public boolean begun() throws IOException {
    try (Connection connection = server.connect()) {
      if (!schema.exists(connection)) {
        return false;
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
    try (JournalReader reader = read()) {
      return reader.last() > 0;
    }
  }

  /** A schema that is not there yet is made, one of an earlier version is not brought to this one. */
  @Override
  public Closeable hold(boolean withOthers) throws IOException {
    prepare();
    PostgresLock everywhere = PostgresLock.take(server, schema, experiment, withOthers);
    try {
      HomeLock machine = HomeLock.take(home);
      server.remember(home);
      return () -> {
        machine.close();
        everywhere.close();
      };
    } catch (IOException | RuntimeException e) {
      everywhere.close();
      throw e;
    }
  }

  private void prepare() throws IOException {
    boolean known = PostgresServer.of(home).isPresent();
    if (!known && !JournalFiles.empty(home.journal())) {
      throw new UnusableHome(experiment + " has its journal in " + home.journal() + ": 'cambrian journal copy "
          + experiment + " --from leveldb --to postgresql' moves it to PostgreSQL.");
    }
    try (Connection connection = server.connect()) {
      boolean there = schema.exists(connection);
      if (!there && known) {
        throw new UnusableHome("the schema " + schema.name() + ", which holds the journal of " + experiment
            + ", is not in PostgreSQL at " + server.place() + ": restore it from a backup of the database, or correct"
            + " cambrian.journal.postgresql.url.");
      }
      if (!there) {
        schema.migrate();
      }
      schema.requireCurrent(connection);
      warnOfLosses(connection);
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private void warnOfLosses(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SHOW fsync")) {
      if (row.next() && row.getString(1).equals("off")) {
        LOG.warn("PostgreSQL at {} runs with fsync = off: a crash of its machine loses acknowledged events",
            server.place());
      }
    }
  }

  /** Every record is read: each must follow the one before, and biographies reach what the spine knows of them. */
  @Override
  public JournalVerdict check() throws IOException {
    KnownIndividuals known = new KnownIndividuals();
    Map<Long, StreamHead> awaited = new HashMap<>();
    try (JournalReader reader = read()) {
      reader.spine((link, event) -> known.add(event));
      known.forEachBiography(awaited::put);
      long[] events = {reader.last()};
      reader.lives((individual, links) -> {
        events[0] += links.size();
        links.forEach(link -> awaited.remove(individual, link.head()));
      });
      if (!awaited.isEmpty()) {
        throw damaged("the results of " + awaited.size() + " individuals are missing, such as those of individual "
            + awaited.keySet().iterator().next());
      }
      return new JournalVerdict.Sound(reader.headAt(reader.last()), events[0]);
    }
  }

  @Override
  public JournalReader read() throws IOException {
    return PostgresReader.open(this);
  }

  @Override
  public StreamHead append(StreamHead decidedOn, List<? extends PopulationEvent> events) throws IOException {
    try (Connection connection = server.connect()) {
      connection.setAutoCommit(false);
      PostgresReader reader = PostgresReader.within(connection, this);
      if (reader.last() == 0) {
        throw new UnusableHome("the experiment " + experiment + " has not begun; evolve it first.");
      }
      if (!reader.headAt(reader.last()).equals(decidedOn)) {
        throw new IllegalStateException("the spine ends at event " + reader.last() + ", but event "
            + decidedOn.sequence() + " was its last when more was decided");
      }
      StreamHead head = append(connection, schema, reader.spineName(), decidedOn, events);
      connection.commit();
      return head;
    } catch (SQLException e) {
      throw server.failure("the journal of " + experiment + " cannot be written", e);
    }
  }

  private static StreamHead append(Connection connection, PostgresSchema schema, String spine, StreamHead after,
      List<? extends PopulationEvent> events) throws SQLException {
    StreamHead head = after;
    try (PostgresRecords records = new PostgresRecords(connection, schema)) {
      for (PopulationEvent event : events) {
        Link link = Link.after(head, EventCodec.encode(event));
        records.put(spine, link, event.at());
        head = link.head();
      }
      records.flush();
    }
    return head;
  }

  @Override
  public StreamHead fork(long event, ExperimentHome place, String name, List<? extends PopulationEvent> own)
      throws IOException {
    PostgresJournal fork = of(place, server, name);
    try (JournalReader parent = read(); Connection connection = server.connect()) {
      connection.setAutoCommit(false);
      fork.makeNew(connection);
      JournalFork.requireEvent(event, parent);
      KnownIndividuals known = new KnownIndividuals();
      parent.spine(1, event, (link, happened) -> known.add(happened));
      Map<Long, StreamHead> awaited = new HashMap<>();
      known.forEachBiography(awaited::put);
      String spine = StreamName.spine(name);
      try (JournalWriter writer = new JournalWriter.ToPostgres(connection, fork.schema)) {
        JournalWriter.copySpine(parent, event, spine, writer);
        parent.lives((individual, links) -> {
          int told = known.told(individual,
              links.stream().map(link -> EventCodec.decodeIndividual(link.event())).toList());
          links.subList(0, told).forEach(link -> awaited.remove(individual, link.head()));
          writer.biography(individual, links.subList(0, told));
        });
        JournalFork.requireWhole(awaited.keySet(), event);
        JournalWriter.copySnapshots(parent, event, spine, writer);
        writer.finish();
      }
      StreamHead head = append(connection, fork.schema, spine, parent.headAt(event), own);
      connection.commit();
      server.remember(place);
      return head;
    } catch (SQLException e) {
      throw server.failure("the fork " + name + " cannot be written", e);
    }
  }

  /** Makes the schema, within a transaction. */
  void makeNew(Connection connection) throws SQLException, UnusableHome {
    if (schema.migrate(connection).from() != 0) {
      throw new UnusableHome("PostgreSQL at " + server.place() + " has an experiment " + experiment + " already, in the"
          + " schema " + schema.name() + "; choose another name, or drop that schema.");
    }
  }

  UnusableHome unreadable(SQLException why) {
    return server.failure("the journal of " + experiment + " cannot be read", why);
  }

  UnusableHome damaged(String what) {
    return new UnusableHome("the journal of " + experiment + " in PostgreSQL at " + server.place() + " is damaged ("
        + what + "); restore the schema " + schema.name() + " from a backup of the database.");
  }
}
