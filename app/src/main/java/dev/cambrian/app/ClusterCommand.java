package dev.cambrian.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cambrian cluster}: the nodes that evolve together. */
@Command(
    name = "cluster",
    header = "Tells about the nodes that evolve together, and sends them away.",
    description = {
      "",
      "Asks a node that was started on this machine, from the same home. 'certs' makes what nodes need to trust each other"
          + " alone.",
      ""
    },
    synopsisSubcommandLabel = "(status | leave NODE | drain NODE | certs HOST...)",
    subcommands = {ClusterCommand.StatusOf.class, ClusterCommand.Leave.class, ClusterCommand.Drain.class,
        ClusterCommand.Certs.class})
final class ClusterCommand implements Callable<Integer> {

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @Mixin CommonOptions common;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing required subcommand: status, leave, drain or certs");
  }

  /** Which cluster is meant. */
  static final class Which {
    @Option(names = "--experiment", paramLabel = "NAME",
        description = "The experiment of the cluster, where nodes of several run on this machine.")
    String experiment;

    /** What a node of it answers. */
    ObjectNode ask(CommonOptions common, Optional<ObjectNode> body, String path) throws Exception {
      for (Path node : nodes(common.home())) {
        Optional<ObjectNode> answer =
            body.isPresent() ? ControlClient.post(node, path, body.get()) : ControlClient.ask(node, path);
        if (answer.isPresent()) {
          return answer.get();
        }
      }
      throw UserError.failed("no node " + (experiment == null ? "" : "of " + experiment + " ") + "runs on this machine"
          + " with the home " + common.home() + "; 'cambrian node' starts one.");
    }

    private List<Path> nodes(Path home) throws IOException {
      TreeMap<String, List<Path>> running = new TreeMap<>();
      List<Path> experiments = experiment == null
          ? folders(Place.nodes(home)) : List.of(Place.nodes(home, ConfigurationFile.checkedName("--experiment", experiment)));
      for (Path one : experiments) {
        for (Path node : folders(one)) {
          if (Owner.of(node).map(Owner::alive).orElse(false)) {
            running.computeIfAbsent(one.getFileName().toString(), name -> new ArrayList<>()).add(node);
          }
        }
      }
      if (running.size() > 1) {
        throw UserError.usage("nodes of " + String.join(" and ", running.keySet())
            + " run on this machine; --experiment says which are meant.");
      }
      return running.isEmpty() ? List.of() : running.firstEntry().getValue();
    }

    private static List<Path> folders(Path folder) throws IOException {
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> all = Files.list(folder)) {
        return all.filter(Files::isDirectory).sorted().toList();
      }
    }
  }

  /** {@code cambrian cluster status}. */
  @Command(
      name = "status",
      header = "Tells the nodes, their devices, and who trains what for how long.",
      description = {
        "",
        "With --json: nodes, for each: node, address, state (joining, up, draining, leaving or unreachable), roles,"
            + " devices (device, slots) and trainings (worker, individual, attempt, step, steps, seconds).",
        ""
      })
  static final class StatusOf implements Callable<Integer> {
    @Mixin Which which;
    @Mixin CommonOptions common;

    @Override
    public Integer call() throws Exception {
      ObjectNode answer = which.ask(common, Optional.empty(), "/cluster");
      if (common.json()) {
        common.session().out().println(Json.line(answer));
      } else {
        text(answer.path("nodes")).forEach(common.session().out()::println);
      }
      return 0;
    }
  }

  /** Tells a node to go. */
  private abstract static class Departure implements Callable<Integer> {
    private final String how;

    @Parameters(index = "0", paramLabel = "NODE", description = "The node's name, as 'cluster status' tells it.")
    String node;

    @Mixin Which which;
    @Mixin CommonOptions common;

    /** How, in the words of the node's HTTP interface. */
    Departure(String how) {
      this.how = how;
    }

    @Override
    public final Integer call() throws Exception {
      ObjectNode answer = which.ask(common, Optional.of(Json.object().put("node", node)), "/cluster/" + how);
      common.session().out().println(common.json()
          ? Json.line(answer) : "Node " + answer.path("node").asText() + ": " + answer.path("note").asText());
      return 0;
    }
  }

  /** {@code cambrian cluster leave}. */
  @Command(
      name = "leave",
      header = "Tells a node to leave and end; what it trains is handed to others at once.")
  static final class Leave extends Departure {
    Leave() {
      super("leave");
    }
  }

  /** {@code cambrian cluster drain}. */
  @Command(
      name = "drain",
      header = "Tells a node to leave and end once it has finished what it trains.")
  static final class Drain extends Departure {
    Drain() {
      super("drain");
    }
  }

  /** {@code cambrian cluster certs}. */
  @Command(
      name = "certs",
      header = "Makes the certificates with which nodes trust each other and nobody else.",
      description = {
        "",
        "An authority, and for each HOST a folder with node.crt, node.key and ca.crt: the folder of a machine goes to it,"
            + " as 'certificates' beside application.conf, with cambrian.cluster.tls.enabled = true on all. Called again"
            + " with the same folder, it makes further ones of the same authority. Whoever has ca.key can let nodes in:"
            + " keep it where no node runs.",
        ""
      })
  static final class Certs implements Callable<Integer> {
    @Parameters(index = "0..*", arity = "1..*", paramLabel = "HOST",
        description = "The name or address of each node's machine.")
    List<String> hosts;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder that they are written into.")
    Path out;

    @Mixin CommonOptions common;

    @Override
    public Integer call() throws Exception {
      for (String host : hosts) {
        if (!host.matches("[A-Za-z0-9][A-Za-z0-9.:-]{0,252}")) {
          throw UserError.usage("HOST must be the name or address of a machine, not '" + host + "'.");
        }
      }
      for (Path made : new Certificates(out).make(hosts)) {
        common.session().out().println(
            common.json() ? Json.line(Json.object().put("folder", made.toString())) : made.toString());
      }
      return 0;
    }
  }

  /** The nodes as a person reads them: a line each, and one for each training. */
  static List<String> text(JsonNode nodes) {
    List<String> lines = new ArrayList<>();
    for (JsonNode node : nodes) {
      List<String> roles = new ArrayList<>();
      node.path("roles").forEach(role -> roles.add(role.asText()));
      List<String> devices = new ArrayList<>();
      node.path("devices").forEach(device ->
          devices.add(device.path("device").asText() + " with " + device.path("slots").asInt() + " slots"));
      String address = node.path("address").asText().equals(node.path("node").asText())
          ? "" : " at " + node.path("address").asText();
      lines.add("node         " + node.path("node").asText() + address + "  " + node.path("state").asText() + "  "
          + String.join(", ", roles) + (devices.isEmpty() ? "" : "  " + String.join(", ", devices)));
      for (JsonNode training : node.path("trainings")) {
        String slot = training.path("worker").asText().substring(node.path("node").asText().length() + 1);
        lines.add("  %-10s individual %s, attempt %s, step %s of %s, for %s".formatted(
            slot, training.path("individual").asText(), training.path("attempt").asText(),
            training.path("step").asText(), training.path("steps").asText(),
            ProgressText.duration(training.path("seconds").asDouble())));
      }
    }
    return lines;
  }
}
