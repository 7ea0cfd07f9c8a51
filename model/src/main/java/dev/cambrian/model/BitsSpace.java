package dev.cambrian.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The toy space of Real18 (its section on simulations): a genotype is a row of bits, a mutation flips one of them, and
 * the better individual is the one with more ones. It costs nothing to train, so that what evolution itself does and
 * costs can be watched.
 *
 * <p>A row is expressed as a linear classifier with one ReLU in front of it for every bit that is set: an engine that
 * knows the space counts them.
 */
public final class BitsSpace implements SearchSpace<String> {
  private static final Shape INPUT = new Shape(1, 1, 1);
  private static final double LEARNING_RATE = 0.1;

  private final int length;
  private final int classes;

  /** Rows of so many bits, at least 1. */
  public BitsSpace(int length, int classes) {
    if (length < 1) {
      throw new IllegalArgumentException("a row has at least 1 bit, not " + length);
    }
    this.length = length;
    this.classes = classes;
  }

  /** Random bits. */
  @Override
  public String initial(RandomGenerator random) {
    StringBuilder bits = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      bits.append(Draw.coin(random) ? '1' : '0');
    }
    return bits.toString();
  }

  /** Flips as many bits as there are mutations in a reproduction, each drawn among all. */
  @Override
  public Offspring<String> mutate(String parent, MutationSettings settings, RandomGenerator random) {
    StringBuilder bits = new StringBuilder(parent);
    for (int i = 0; i < settings.perReproduction(); i++) {
      int flipped = random.nextInt(length);
      bits.setCharAt(flipped, bits.charAt(flipped) == '1' ? '0' : '1');
    }
    return new Offspring<>(bits.toString(), List.of(), true);
  }

  @Override
  public Network express(String genotype) {
    List<Network.Node> nodes = new ArrayList<>();
    nodes.add(new Network.Node("input", new Operation.Input(), List.of(), INPUT));
    for (int i = 0; i < length; i++) {
      if (genotype.charAt(i) == '1') {
        nodes.add(new Network.Node("bit" + i, new Operation.Relu(), List.of(nodes.size() - 1), INPUT));
      }
    }
    Variable weight = new Variable("head/weight", List.of(classes, 1), new Variable.Normal(1), true, false);
    Variable bias = new Variable("head/bias", List.of(classes), new Variable.Constant(0), true, false);
    nodes.add(new Network.Node("head", new Operation.Linear(weight, bias), List.of(nodes.size() - 1),
        new Shape(classes, 1, 1)));
    return new Network(nodes);
  }

  /** Of no meaning here. */
  @Override
  public double learningRate(String genotype) {
    return LEARNING_RATE;
  }

  /** Of no meaning here. */
  @Override
  public double weightDecay(String genotype) {
    return 0;
  }

  @Override
  public String toJson(String genotype) {
    return "{\"version\":1,\"bits\":\"" + genotype + "\"}";
  }

  @Override
  public String fromJson(String json) {
    String start = "{\"version\":1,\"bits\":\"";
    String end = "\"}";
    boolean row = json.length() == start.length() + length + end.length()
        && json.startsWith(start) && json.endsWith(end);
    String bits = row ? json.substring(start.length(), start.length() + length) : "";
    if (!bits.matches("[01]{" + length + "}")) {
      throw new IllegalArgumentException("this is no row of " + length + " bits: " + json);
    }
    return bits;
  }
}
