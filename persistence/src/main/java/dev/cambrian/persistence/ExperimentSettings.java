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

  /**
   * How every individual is trained.
   *
   * @param engine {@code "libtorch"} or {@code "surrogate"}
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
      double maxFlops) {}

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
