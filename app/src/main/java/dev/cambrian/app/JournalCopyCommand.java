package dev.cambrian.app;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.JournalTransfer;
import dev.cambrian.persistence.PostgresServer;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian journal copy}: moves an experiment between LevelDB and PostgreSQL. */
@Command(
    name = "copy",
    header = "Moves an experiment that nobody evolves to another kind of journal, without loss.",
    description = {
      "",
      "All events and snapshots are copied as they are, read again and compared; only then does the experiment use the"
          + " new journal. The former one is kept under another name. Killed half-way, it leaves everything as it was."
          + " With --json: experiment, events, individuals, snapshots, event (the spine's last), hash, and former.",
      ""
    },
    sortOptions = false)
final class JournalCopyCommand implements Callable<Integer> {
  private static final String POSTGRESQL = "postgresql";
  private static final String LEVELDB = "leveldb";

  @Parameters(index = "0", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Option(names = "--from", required = true, paramLabel = "KIND", description = "Where it is: leveldb or postgresql.")
  String from;

  @Option(names = "--to", required = true, paramLabel = "KIND", description = "Where it goes: postgresql or leveldb.")
  String to;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    String target = kind("--to", to);
    if (kind("--from", from).equals(target)) {
      throw UserError.usage("--from and --to must be different kinds of journal, not both " + target + ".");
    }
    ConfigurationFile file = common.configuration(Map.of());
    PostgresServer configured = file.journal().postgresql();
    JournalTransfer.Moved moved;
    PostgresServer server;
    if (target.equals(POSTGRESQL)) {
      server = configured;
      moved = JournalTransfer.toPostgres(home(file, LEVELDB), server, Instant.now());
    } else {
      ExperimentHome home = home(file, POSTGRESQL);
      server = file.journal().onPostgresql() ? configured : PostgresServer.of(home).orElse(configured);
      moved = JournalTransfer.toLevelDb(home, server, Instant.now());
    }
    common.session().out().println(common.json() ? json(moved) : text(moved, target, server));
    return 0;
  }

  /** The home of the experiment; one on PostgreSQL need not have been on this machine. */
  private ExperimentHome home(ConfigurationFile file, String kind) throws IOException {
    Configuration.Journal there = new Configuration.Journal(kind, file.journal().postgresql());
    return new Experiments(file.home(), file.weights(), there).journal(name).home();
  }

  private String json(JournalTransfer.Moved moved) {
    return Json.line(Json.object()
        .put("experiment", name)
        .put("events", moved.events())
        .put("individuals", moved.individuals())
        .put("snapshots", moved.snapshots())
        .put("event", moved.spine().sequence())
        .put("hash", moved.spine().hash())
        .put("former", moved.former()));
  }

  private String text(JournalTransfer.Moved moved, String target, PostgresServer server) {
    String place = "PostgreSQL at " + server.place();
    return name + " has moved " + (target.equals(POSTGRESQL) ? "to " + place : "from " + place + " to LevelDB") + ": "
        + ProgressText.count(moved.events()) + " events, " + ProgressText.count(moved.individuals())
        + " individuals and " + ProgressText.count(moved.snapshots()) + " snapshots, all compared; its last event is "
        + moved.spine().sequence() + ". The former journal is kept as " + moved.former() + ".";
  }

  private static String kind(String option, String given) {
    if (given.equals("postgres")) {
      return POSTGRESQL;
    }
    if (given.equals(LEVELDB) || given.equals(POSTGRESQL)) {
      return given;
    }
    throw UserError.usage(option + " must be " + LEVELDB + " or " + POSTGRESQL + ", not '" + given + "'.");
  }
}
