package dev.cambrian.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cambrian journal}: what is done to the place where events are kept. */
@Command(
    name = "journal",
    header = "Prepares journals on PostgreSQL, and moves experiments there or back.",
    description = {"", "cambrian.journal.postgresql in application.conf says where PostgreSQL is.", ""},
    subcommands = {JournalMigrateCommand.class, JournalCopyCommand.class})
final class JournalCommand implements Runnable {
  @Spec CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Tell about this command.")
  boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "journal needs what to do: migrate, or copy.");
  }
}
