package dev.cambrian.bench;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Edge;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.Network;
import dev.cambrian.model.Shape;
import dev.cambrian.model.Vertex;
import dev.cambrian.training.Datasets;
import dev.cambrian.training.Split;
import dev.cambrian.training.Splits;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.TrainingResult;
import dev.cambrian.training.Weights;
import dev.cambrian.training.libtorch.LibtorchEngine;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why small populations are trapped by low learning rates: what networks of fixed shape reach on CIFAR-10 in trainings of
 * 300 steps at 0.1, each inheriting from the one before, and what one more training at a lower rate is then worth.
 *
 * <p>Usage: {@code Annealing DATA}
 */
public final class Annealing {
  private static final int STEPS = 300;
  private static final int BATCH = 50;
  private static final int TRAININGS = 5;
  private static final int CHILDREN = 8;
  private static final double FIRST_RATE = 0.1;
  private static final double[] RATES = {0.1, 0.03, 0.01};

  /** Two convolutions of stride 2 with so many channels. */
  private static final int[][] NETWORKS = {{3, 3}, {6, 12}, {12, 24}};

  private final GraphSpace space = new GraphSpace(new Shape(3, 32, 32), 10);
  private final LibtorchEngine engine = new LibtorchEngine(Clock.systemUTC(), Duration.ofMinutes(10));
  private final Split data;

  private Annealing(Split data) {
    this.data = data;
  }

  /** Prints one line a network. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 1) {
      System.err.println("usage: Annealing DATA");
      System.exit(2);
    }
    Annealing bench = new Annealing(Splits.of(Datasets.load("cifar10", Path.of(arguments[0]), 1), 0.1, 1));
    for (int[] channels : NETWORKS) {
      bench.measure(channels);
    }
  }

  private void measure(int[] channels) throws Exception {
    Network network = space.express(genotype(channels));
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%d, %d channels: at %.2f", channels[0],
        channels[1], FIRST_RATE));
    Weights weights = Weights.none();
    for (int training = 0; training < TRAININGS; training++) {
      TrainingResult result = train(network, weights, FIRST_RATE, training);
      weights = result.weights();
      line.append(String.format(Locale.ROOT, " %.3f", result.validationAccuracy()));
    }
    for (double rate : RATES) {
      double sum = 0;
      double squares = 0;
      for (int child = 0; child < CHILDREN; child++) {
        double accuracy = train(network, weights, rate, TRAININGS + child).validationAccuracy();
        sum += accuracy;
        squares += accuracy * accuracy;
      }
      double mean = sum / CHILDREN;
      line.append(String.format(Locale.ROOT, "; then at %.2f %.3f (s.d. %.3f)", rate, mean,
          Math.sqrt(Math.max(0, squares / CHILDREN - mean * mean))));
    }
    System.out.println(line);
  }

  private TrainingResult train(Network network, Weights weights, double rate, long seed) throws Exception {
    TrainingPlan plan =
        new TrainingPlan(STEPS, BATCH, rate, 0.9, 1e-4, TrainingPlan.Precision.FP32, true, seed);
    return engine.train(network, weights, plan, data, (step, loss) -> {});
  }

  private static Dna genotype(int[] channels) {
    List<Vertex> vertices = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    Dna initial = new GraphSpace(new Shape(3, 32, 32), 10).initial(null);
    vertices.addAll(initial.vertices());
    int last = vertices.get(0).id();
    int id = initial.nextId();
    double in = 3;
    for (int out : channels) {
      Vertex vertex = Vertex.hidden(id++, Vertex.Activation.BN_RELU);
      vertices.add(vertex);
      edges.add(Edge.convolution(id++, last, vertex.id(), 1).withDepthFactor(out / in));
      last = vertex.id();
      in = out;
    }
    edges.add(Edge.identity(id++, last, vertices.get(1).id()));
    return new Dna(vertices, edges, FIRST_RATE, 1e-4, id);
  }
}
