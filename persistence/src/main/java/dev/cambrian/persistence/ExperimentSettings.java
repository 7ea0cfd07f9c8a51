package dev.cambrian.persistence;

import dev.cambrian.model.MutationSettings;

/**
 * What an experiment was started with and what decides its history. Not here: what only decides where and how long it
 * runs (home, workers, until).
 *
 * @param seed everything random is derived from it
 * @param space the search space, {@code "graph"}
 * @param strategy {@code "tournament"} or {@code "random"}
 * @param population the set-point
 * @param inheritance whether children inherit weights (Real17's control: not)
 * @param keep whose weights stay in the store: {@code "all"}, {@code "lineage"} (of the living and their ancestors) or
 *     {@code "alive"}; a moment whose weights are gone cannot be forked
 */
public record ExperimentSettings(
    long seed,
    String space,
    String strategy,
    int population,
    MutationSettings mutation,
    boolean inheritance,
    Training training,
    Data data,
    String keep) {

  /** Set-points. */
  public static final Range.Whole POPULATIONS = new Range.Whole(2, 1_000_000);

  /** Strategies. */
  public static final Range.Choice STRATEGIES = Range.Choice.of("tournament", "random");

  /** Mutations per reproduction. */
  public static final Range.Whole MUTATIONS = new Range.Whole(1, 1000);

  /** Weights of a kind of mutation in the draw. */
  public static final Range.Real MUTATION_WEIGHTS = new Range.Real(0, 1e9);

  /** Whose weights stay. */
  public static final Range.Choice KEPT = Range.Choice.of("all", "lineage", "alive");

  /** With another set-point. */
  public ExperimentSettings withPopulation(int setPoint) {
    return new ExperimentSettings(seed, space, strategy, setPoint, mutation, inheritance, training, data, keep);
  }

  /** With another strategy. */
  public ExperimentSettings withStrategy(String other) {
    return new ExperimentSettings(seed, space, other, population, mutation, inheritance, training, data, keep);
  }

  /** With other mutations. */
  public ExperimentSettings withMutation(MutationSettings other) {
    return new ExperimentSettings(seed, space, strategy, population, other, inheritance, training, data, keep);
  }

  /** With inheritance of weights, or without. */
  public ExperimentSettings withInheritance(boolean inherits) {
    return new ExperimentSettings(seed, space, strategy, population, mutation, inherits, training, data, keep);
  }

  /** With other training. */
  public ExperimentSettings withTraining(Training other) {
    return new ExperimentSettings(seed, space, strategy, population, mutation, inheritance, other, data, keep);
  }

  /** Keeping other weights. */
  public ExperimentSettings withKeep(String kept) {
    return new ExperimentSettings(seed, space, strategy, population, mutation, inheritance, training, data, kept);
  }

  /**
   * How every individual is trained.
   *
   * @param engine its name, e.g. {@code "libtorch"}
   * @param precision {@code "fp32"} or {@code "bf16"}
   * @param maxParameters a child with more is a failed child
   * @param maxMemoryMib estimated training memory above which a child is a failed child
   * @param maxFlops of one training and validation, above which a child is a failed child
   */
  public record Training(
      String engine,
      long steps,
      int batch,
      double momentum,
      double weightDecay,
      String precision,
      boolean augmentation,
      long maxParameters,
      long maxMemoryMib,
      double maxFlops) {

    /** Steps of one training. */
    public static final Range.Whole STEPS = new Range.Whole(1, 1_000_000_000);

    /** Images of one step. */
    public static final Range.Whole BATCHES = new Range.Whole(1, 65_536);

    /** With another number of steps. */
    public Training withSteps(long other) {
      return new Training(engine, other, batch, momentum, weightDecay, precision, augmentation, maxParameters,
          maxMemoryMib, maxFlops);
    }

    /** With so many images a step. */
    public Training withBatch(int images) {
      return new Training(engine, steps, images, momentum, weightDecay, precision, augmentation, maxParameters,
          maxMemoryMib, maxFlops);
    }
  }

  /**
   * What it is trained on.
   *
   * @param dataset {@code "shapes"}, {@code "cifar10"}, {@code "cifar100"}, {@code "idx"} or {@code "folder"}
   * @param directory empty for a generated set
   * @param checksum of the images and labels, so that a resumed run finds the same data
   * @param splitSeed decides which training images validate
   */
  public record Data(String dataset, String directory, String checksum, long splitSeed) {}
}
