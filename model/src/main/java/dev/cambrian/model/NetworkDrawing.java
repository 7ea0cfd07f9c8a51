package dev.cambrian.model;

import dev.cambrian.model.Network.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A network drawn as text for a terminal: its backbone from top to bottom, one layer a line with the shape that it
 * yields and its parameters; skips as lanes at the left, from the layer that they leave to the one that they are added
 * to.
 *
 * <p>The backbone is what one meets going back from the last node by the first inputs: an {@link Operation.Add} reads
 * its primary input first.
 */
public final class NetworkDrawing {

  /** A line of the drawing: a layer and what follows it directly; {@code end} is the last node that it stands for. */
  private record Line(String layer, int end, Map<Integer, List<String>> skips, long parameters) {}

  private final Network network;
  private final List<Integer> backbone;
  private final Set<Integer> skipSources = new HashSet<>();
  private final List<Line> lines = new ArrayList<>();

  private NetworkDrawing(Network network) {
    this.network = network;
    this.backbone = backbone(network);
    for (int index : backbone) {
      skipSources.addAll(skips(index).keySet());
    }
    for (int index : backbone) {
      draw(index);
    }
  }

  /** The drawing, several lines that end in line feeds; needs a terminal that shows UTF-8. */
  public static String of(Network network) {
    return new NetworkDrawing(network).text();
  }

  private static List<Integer> backbone(Network network) {
    List<Integer> backbone = new ArrayList<>();
    int index = network.nodes().size() - 1;
    while (index > 0) {
      backbone.add(index);
      index = network.nodes().get(index).inputs().get(0);
    }
    backbone.add(0);
    Collections.reverse(backbone);
    return backbone;
  }

  /** The skips that a node of the backbone adds: by the node that they leave, what happens to each on the way. */
  private Map<Integer, List<String>> skips(int index) {
    Map<Integer, List<String>> skips = new TreeMap<>();
    List<Integer> inputs = network.nodes().get(index).inputs();
    for (int input : inputs.subList(Math.min(1, inputs.size()), inputs.size())) {
      List<String> onTheWay = new ArrayList<>();
      int from = input;
      while (!backbone.contains(from)) {
        onTheWay.add(0, describe(from));
        from = network.nodes().get(from).inputs().get(0);
      }
      skips.computeIfAbsent(from, none -> new ArrayList<>()).add(String.join(", ", onTheWay));
    }
    return skips;
  }

  /** Adds a node of the backbone to the last line where it only finishes that layer, and begins a line otherwise. */
  private void draw(int index) {
    Node node = network.nodes().get(index);
    Operation operation = node.operation();
    String layer = describe(index);
    long parameters = operation.variables().stream().filter(Variable::trained).mapToLong(Variable::size).sum();
    Line last = lines.isEmpty() ? null : lines.get(lines.size() - 1);
    if (last != null && finishes(operation, last)) {
      lines.set(lines.size() - 1,
          new Line(last.layer + ", " + layer, index, last.skips, last.parameters + parameters));
    } else {
      lines.add(new Line(layer, index, skips(index), parameters));
    }
  }

  private boolean finishes(Operation operation, Line line) {
    if (line.end == 0 || skipSources.contains(line.end)) {
      return false;
    }
    return operation instanceof Operation.Relu
        || operation instanceof Operation.Resize
        || operation instanceof Operation.FitChannels
        || operation instanceof Operation.BatchNorm && !line.layer.endsWith("ReLU");
  }

  private String describe(int index) {
    Node node = network.nodes().get(index);
    Operation operation = node.operation();
    if (operation instanceof Operation.Convolution convolution) {
      String kernel = "convolution " + convolution.kernelHeight() + "×" + convolution.kernelWidth();
      return convolution.stride() == 1 ? kernel : kernel + ", stride " + convolution.stride();
    }
    if (operation instanceof Operation.BatchNorm) {
      return "batch norm";
    }
    if (operation instanceof Operation.Relu) {
      return "ReLU";
    }
    if (operation instanceof Operation.Resize resize) {
      return "resized to " + resize.height() + "×" + resize.width();
    }
    if (operation instanceof Operation.FitChannels fit) {
      int before = network.nodes().get(node.inputs().get(0)).shape().channels();
      return (fit.channels() < before ? "cut to " : "padded to ") + fit.channels() + " channels";
    }
    if (operation instanceof Operation.Add) {
      return "add";
    }
    if (operation instanceof Operation.GlobalAveragePool) {
      return "global average pool";
    }
    return operation instanceof Operation.Linear ? "linear, softmax" : "input";
  }

  private String text() {
    Lanes lanes = new Lanes(lastTargets());
    List<String> graph = new ArrayList<>();
    List<Line> beside = new ArrayList<>();
    for (Line line : lines) {
      graph.add(lanes.layer(line.end, line.skips.keySet()));
      beside.add(line);
      if (skipSources.contains(line.end)) {
        graph.add(lanes.leave(line.end));
        beside.add(null);
      }
    }
    int graphWidth = graph.stream().mapToInt(String::length).max().orElse(0);
    int layerWidth = lines.stream().mapToInt(line -> withSkips(line).length()).max().orElse(0);
    int shapeWidth = lines.stream().mapToInt(line -> shape(line).length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < graph.size(); i++) {
      Line line = beside.get(i);
      String row = line == null
          ? graph.get(i)
          : pad(graph.get(i), graphWidth + 2) + pad(withSkips(line), layerWidth + 3) + pad(shape(line), shapeWidth)
              + (line.parameters == 0 ? "" : String.format(Locale.ROOT, "%,12d", line.parameters));
      text.append(row.stripTrailing()).append('\n');
    }
    return text.append(summary()).toString();
  }

  /** For every node that skips leave, the end of the last line that one of them is added in. */
  private Map<Integer, Integer> lastTargets() {
    Map<Integer, Integer> targets = new HashMap<>();
    for (Line line : lines) {
      line.skips.keySet().forEach(source -> targets.put(source, line.end));
    }
    return targets;
  }

  /** Tells of skips what their lanes do not show: that something happens on the way, or that several share a lane. */
  private static String withSkips(Line line) {
    List<String> told = new ArrayList<>();
    for (List<String> ways : line.skips.values()) {
      if (ways.size() > 1 || !ways.get(0).isEmpty()) {
        ways.forEach(way -> told.add(("skip " + way).strip()));
      }
    }
    return told.isEmpty() ? line.layer : line.layer + " (" + String.join("; ", told) + ")";
  }

  private String shape(Line line) {
    Shape shape = network.nodes().get(line.end).shape();
    return shape.height() == 1 && shape.width() == 1
        ? Integer.toString(shape.channels())
        : shape.channels() + "×" + shape.height() + "×" + shape.width();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "%,d parameters; %s to classify an image, %s to train on it\n",
        network.parameters(),
        flops(Flops.forward(network)),
        flops(Flops.training(network)));
  }

  private static String flops(double flops) {
    String[] units = {"FLOPs", "kFLOPs", "MFLOPs", "GFLOPs", "TFLOPs", "PFLOPs"};
    int unit = 0;
    double shown = flops;
    while (shown >= 999.5 && unit < units.length - 1) {
      shown /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, shown >= 99.5 ? "%.0f %s" : "%.1f %s", shown, units[unit]);
  }

  /** The lanes beside the backbone: one for each node that skips leave, from there to the last line that adds one. */
  private static final class Lanes {
    private final Map<Integer, Integer> lastTargets;
    /** By lane, the node whose skips run in it, or null where it is free. */
    private final List<Integer> lanes = new ArrayList<>();

    Lanes(Map<Integer, Integer> lastTargets) {
      this.lastTargets = lastTargets;
    }

    /** The line of a layer that adds the skips from some sources. */
    String layer(int end, Set<Integer> sources) {
      int reach = -1;
      for (int lane = 0; lane < lanes.size(); lane++) {
        if (lanes.get(lane) != null && sources.contains(lanes.get(lane))) {
          reach = lane;
        }
      }
      StringBuilder line = new StringBuilder("●");
      for (int lane = 0; lane < lanes.size(); lane++) {
        Integer source = lanes.get(lane);
        line.append(lane == 0 && lane <= reach ? '◂' : lane <= reach ? '─' : ' ');
        if (source != null && sources.contains(source)) {
          boolean ends = lastTargets.get(source) == end;
          line.append(ends ? (lane < reach ? '┴' : '╯') : (lane < reach ? '┼' : '┤'));
          if (ends) {
            lanes.set(lane, null);
          }
        } else {
          line.append(crossing(source, lane < reach));
        }
      }
      return line.toString();
    }

    /** The line below a layer that skips leave: they take the first free lane. */
    String leave(int source) {
      int taken = lanes.indexOf(null);
      if (taken < 0) {
        taken = lanes.size();
        lanes.add(null);
      }
      StringBuilder line = new StringBuilder("├");
      for (int lane = 0; lane < lanes.size(); lane++) {
        line.append(lane <= taken ? '─' : ' ');
        line.append(lane == taken ? '╮' : crossing(lanes.get(lane), lane < taken));
      }
      lanes.set(taken, source);
      return line.toString();
    }

    private static char crossing(Integer source, boolean crossed) {
      if (crossed) {
        return source == null ? '─' : '│';
      }
      return source == null ? ' ' : '│';
    }
  }
}
