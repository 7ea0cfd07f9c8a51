package dev.cambrian.app;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command {@code cambrian}: evolves image classifiers, and tells about those that were evolved. */
@Command(
    name = "cambrian",
    header = "Evolves image classifiers: labelled images in, a trained network out.",
    description = {
      "",
      "It starts from models with no hidden layer, and mutates, trains and selects them (Real et al. 2017)."
          + " Everything that happens is kept in a journal, so an experiment can be stopped or killed at any time,"
          + " and the same command goes on with it.",
      "",
      "  @|bold cambrian evolve|@            evolve on a generated data set, for a first look",
      "  @|bold cambrian evolve mine --dataset folder --data pictures|@",
      "                             evolve on a folder with a folder of images per class",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "'cambrian COMMAND --help' tells about one of them. Every option is also a key in application.conf.",
      "Exit codes: 0 done, 1 it could not be done, 2 it was asked wrongly, 3 a node was cut off from its cluster and"
          + " can be started again, 130 interrupted with Ctrl-C."
    },
    subcommands = {
      EvolveCommand.class, StatusCommand.class, ControlCommand.class, BestCommand.class, ListCommand.class,
      PredictCommand.class, QueryCommand.class, ReplayCommand.class, ShowCommand.class, LineageCommand.class,
      ForkCommand.class, NodeCommand.class, ClusterCommand.class, JournalCommand.class
    })
public final class Cambrian implements Runnable {

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, description = "Tell about cambrian and its commands.")
  boolean help;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Session.ofProcess(), args));
  }

  /** Runs one command and returns its exit code. */
  static int run(Session session, String... args) {
    try {
      return commandLine(session).execute(args);
    } catch (OutOfMemoryError e) {
      long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
      session.complain("the heap of " + mebibytes + " MiB, which holds all images as bytes, is too small; give it more, e.g."
          + " CAMBRIAN_JAVA_OPTIONS=-Xmx" + 4 * mebibytes + "m.");
      return UserError.FAILED;
    }
  }

  /** The command line, for running and for tests of what it accepts. */
  static CommandLine commandLine(Session session) {
    CommandLine.IFactory factory = new CommandLine.IFactory() {
      @Override
      public <K> K create(Class<K> type) throws Exception {
        if (type == CommonOptions.class) {
          return type.cast(new CommonOptions(session));
        }
        return CommandLine.defaultFactory().create(type);
      }
    };
    CommandLine line = new CommandLine(new Cambrian(), factory);
    line.setOut(new PrintWriter(session.out(), true));
    line.setErr(new PrintWriter(session.err(), true));
    line.setUsageHelpAutoWidth(session.terminal());
    line.setUsageHelpWidth(100);
    line.setParameterExceptionHandler((wrong, args) -> {
      String message = wrong.getMessage().replaceAll("\\s*\\R\\s*", " ");
      session.complain(message.endsWith(".") || message.endsWith("?") ? message : message + ".");
      suggest(wrong, session);
      return UserError.USAGE;
    });
    line.setExecutionExceptionHandler((thrown, command, parsed) -> {
      boolean verbose = parsed.commandSpec().findOption("--verbose") != null
          && parsed.hasMatchedOption("--verbose");
      return session.report(thrown, verbose);
    });
    return line;
  }

  private static void suggest(ParameterException wrong, Session session) {
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(
        wrong, new PrintWriter(session.err(), true))) {
      String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
      session.err().println("'" + command + " --help' tells what it takes.");
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
