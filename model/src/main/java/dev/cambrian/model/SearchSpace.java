package dev.cambrian.model;

import java.util.random.RandomGenerator;

/**
 * Which genotypes exist and how they mutate: the initial one, the mutations that apply, and how one is expressed as a
 * {@link Network}. All methods are pure: the same arguments give the same result on every machine.
 *
 * @param <G> an immutable genotype with value equality
 */
public interface SearchSpace<G> {

  /** The genotype that evolution starts from. */
  G initial(RandomGenerator random);

  /** A child: {@code settings.perReproduction()} mutations, each drawn again where it does not apply. */
  Offspring<G> mutate(G parent, MutationSettings settings, RandomGenerator random);

  /**
   * The network of a genotype, with static shapes and stable variable ids.
   *
   * @throws NetworkTooLarge where it asks for sizes that no machine can hold; the child fails
   */
  Network express(G genotype);

  /** The learning rate that the genotype carries. */
  double learningRate(G genotype);

  /** The weight decay that the genotype carries, for the variables that say {@code decayed}. */
  double weightDecay(G genotype);

  /** The genotype as versioned JSON. */
  String toJson(G genotype);

  /**
   * The genotype of a JSON text.
   *
   * @throws IllegalArgumentException with one sentence, where the text is no genotype of this space
   */
  G fromJson(String json);
}
