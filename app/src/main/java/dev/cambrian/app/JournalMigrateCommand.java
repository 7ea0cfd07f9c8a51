package dev.cambrian.app;

import dev.cambrian.persistence.PostgresSchema;
import dev.cambrian.persistence.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cambrian journal migrate}: brings schemas on PostgreSQL to this program's version. */
@Command(
    name = "migrate",
    header = "Makes an experiment's schema on PostgreSQL, or brings it to this version of Cambrian.",
    description = {
      "",
      "Without NAME: every experiment's in the database. Nothing is changed where nothing is to do, and several may run"
          + " at once. Programs of the version before can go on writing meanwhile. With --json, for each: experiment,"
          + " from and to (versions; from 0 for a new one).",
      ""
    },
    sortOptions = false)
final class JournalMigrateCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The experiment's name.")
  String name;

  @Mixin CommonOptions common;

  @Override
  public Integer call() throws Exception {
    PostgresServer server = common.configuration(Map.of()).journal().postgresql();
    List<String> names = name == null
        ? PostgresSchema.experiments(server) : List.of(ConfigurationFile.checkedName("NAME", name));
    if (names.isEmpty() && !common.json()) {
      common.session().out().println("There are no experiments in PostgreSQL at " + server.place() + " yet.");
    }
    for (String experiment : names) {
      PostgresSchema.Migrated done = PostgresSchema.migrate(server, experiment);
      common.session().out().println(common.json()
          ? Json.line(Json.object().put("experiment", experiment).put("from", done.from()).put("to", done.to()))
          : text(done));
    }
    return 0;
  }

  private static String text(PostgresSchema.Migrated done) {
    return done.experiment() + ": " + (done.from() == 0 ? "its schema was made, in version " + done.to()
        : done.from() == done.to() ? "its schema has version " + done.to() + " already"
        : "its schema was brought from version " + done.from() + " to version " + done.to()) + ".";
  }
}
