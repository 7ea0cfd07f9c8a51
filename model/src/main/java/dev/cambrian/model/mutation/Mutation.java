package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One way in which a genotype changes (Real17, methods). */
@FunctionalInterface
public interface Mutation {

  /**
   * A mutated copy, or nothing where the mutation does not apply to this genotype. Whether it applies depends on the
   * genotype alone; what comes out depends on the random source, too.
   */
  Optional<Dna> apply(Dna dna, RandomGenerator random);
}
