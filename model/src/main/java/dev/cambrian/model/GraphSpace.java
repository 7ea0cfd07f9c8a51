package dev.cambrian.model;

import dev.cambrian.model.mutation.MutationTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The search space of Real17: graphs of convolutions and skips, grown from a linear model by eleven mutations.
 */
public final class GraphSpace implements SearchSpace<Dna> {

  private static final double LEARNING_RATE = 0.1;
  private static final double WEIGHT_DECAY = 1e-4;

  private final Shape input;
  private final int classes;
  private final double weightDecay;

  /** The graphs that classify images of a shape into a number of classes, with Real17's weight decay. */
  public GraphSpace(Shape input, int classes) {
    this(input, classes, WEIGHT_DECAY);
  }

  /** As the paper's, with a weight decay that the initial individual has and passes on. */
  public GraphSpace(Shape input, int classes, double weightDecay) {
    this.weightDecay = weightDecay;
    this.input = Objects.requireNonNull(input);
    if (classes < 2) {
      throw new IllegalArgumentException("a classifier needs at least 2 classes, not " + classes);
    }
    this.classes = classes;
  }

  /** Input, global average pool, linear softmax; no convolution. The same for every random source. */
  @Override
  public Dna initial(RandomGenerator random) {
    Vertex first = Vertex.input(0);
    Vertex last = Vertex.output(1);
    return new Dna(List.of(first, last), List.of(Edge.identity(2, 0, 1)), LEARNING_RATE, weightDecay, 3);
  }

  /**
   * {@inheritDoc} A kind that does not apply is not drawn again for the same mutation, which is the same as drawing
   * until one applies. Where no kind of positive weight applies, the genotype stays as it is and nothing is listed.
   */
  @Override
  public Offspring<Dna> mutate(Dna parent, MutationSettings settings, RandomGenerator random) {
    Dna child = parent;
    List<MutationKind> applied = new ArrayList<>();
    for (int i = 0; i < settings.perReproduction(); i++) {
      Set<MutationKind> left = EnumSet.allOf(MutationKind.class);
      Optional<Dna> mutated = Optional.empty();
      while (mutated.isEmpty()) {
        Optional<MutationKind> kind = draw(left, settings, random);
        if (kind.isEmpty()) {
          break;
        }
        mutated = MutationTable.of(kind.get()).apply(child, random);
        if (mutated.isPresent()) {
          applied.add(kind.get());
          child = mutated.get();
        } else {
          left.remove(kind.get());
        }
      }
    }
    return new Offspring<>(child, applied, !applied.contains(MutationKind.RESET_WEIGHTS));
  }

  private static Optional<MutationKind> draw(
      Set<MutationKind> kinds, MutationSettings settings, RandomGenerator random) {
    double total = 0;
    for (MutationKind kind : kinds) {
      total += settings.weights().get(kind);
    }
    double drawn = Draw.uniform(0, total, random);
    MutationKind last = null;
    for (MutationKind kind : kinds) {
      double weight = settings.weights().get(kind);
      if (weight > 0) {
        if (drawn < weight) {
          return Optional.of(kind);
        }
        drawn -= weight;
        last = kind;
      }
    }
    // Only rounding leads here with a kind left: the draw was within an ulp of the total.
    return Optional.ofNullable(last);
  }

  /** {@inheritDoc} See {@link Expression} for how conflicts of depth and scale are resolved. */
  @Override
  public Network express(Dna genotype) {
    return Expression.of(genotype, input, classes);
  }

  @Override
  public double learningRate(Dna genotype) {
    return genotype.learningRate();
  }

  @Override
  public double weightDecay(Dna genotype) {
    return genotype.weightDecay();
  }

  @Override
  public String toJson(Dna genotype) {
    return DnaJson.write(genotype);
  }

  @Override
  public Dna fromJson(String json) {
    return DnaJson.read(json);
  }
}
