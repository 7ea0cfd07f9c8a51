package dev.cambrian.model.mutation;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Draw;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Multiplies the learning rate by 2 to the power of U(-1, 1). */
public final class AlterLearningRate implements Mutation {
  @Override
  public Optional<Dna> apply(Dna dna, RandomGenerator random) {
    // StrictMath: the same bits on every machine.
    double factor = StrictMath.pow(2, Draw.uniform(-1, 1, random));
    return Optional.of(dna.withLearningRate(dna.learningRate() * factor));
  }
}
