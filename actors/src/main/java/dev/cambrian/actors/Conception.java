package dev.cambrian.actors;

import dev.cambrian.model.MutationSettings;
import dev.cambrian.model.Network;
import dev.cambrian.model.NetworkTooLarge;
import dev.cambrian.model.Offspring;
import dev.cambrian.model.SearchSpace;
import dev.cambrian.model.Seeds;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.training.TrainingPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * How a child is made and how it is to be trained: pure, and decided by the parent's genotype, the mutation settings
 * and the seed in the spine's event alone.
 *
 * @param <G> the search space's genotype
 */
final class Conception<G> {
  private final SearchSpace<G> space;
  private final ExperimentSettings settings;

  Conception(SearchSpace<G> space, ExperimentSettings settings) {
    this.space = space;
    this.settings = settings;
  }

  /**
   * The child of an assignment.
   *
   * @param parent the biography of the assignment's parent, where it has one
   * @throws IllegalStateException where the parent's genotype is not known
   */
  Conceived conceive(PullReply.Assignment assignment, Optional<Biography> parent, Instant at) {
    RandomGenerator random = Seeds.random(Seeds.derive(assignment.seed(), assignment.child(), "mutation"));
    if (parent.isEmpty()) {
      G initial = space.initial(random);
      return new Conceived(at, assignment.child(), OptionalLong.empty(), 0, List.of(), space.toJson(initial), false,
          parameters(initial));
    }
    Conceived from = parent.get().conceived().orElseThrow(() ->
        new IllegalStateException("the biography of parent " + parent.get().id() + " holds no genotype"));
    MutationSettings mutation = assignment.mutation();
    Offspring<G> child = space.mutate(space.fromJson(from.genotype()), mutation, random);
    return new Conceived(at, assignment.child(), assignment.parent(), from.generation() + 1, child.mutations(),
        space.toJson(child.genotype()), assignment.terms().inheritance() && child.inheritsWeights(),
        parameters(child.genotype()));
  }

  /** 0 for what is too large to be counted; its training fails as too large. */
  private long parameters(G genotype) {
    try {
      return space.express(genotype).parameters();
    } catch (NetworkTooLarge e) {
      return 0;
    }
  }

  /** The network of a genotype in a biography. */
  Network express(Conceived child) {
    return space.express(space.fromJson(child.genotype()));
  }

  /**
   * How it is trained; the same for every attempt but for the device, and another draw after a reset of its weights.
   */
  TrainingPlan plan(Conceived child, PullReply.Assignment assignment, String device) {
    ExperimentSettings.Training training = settings.training();
    G genotype = space.fromJson(child.genotype());
    long seed = assignment.reset() == 0
        ? assignment.seed() : Seeds.derive(assignment.seed(), assignment.reset(), "reset");
    return new TrainingPlan(
        assignment.terms().steps(),
        assignment.terms().batch(),
        space.learningRate(genotype),
        training.momentum(),
        space.weightDecay(genotype),
        training.precision().equals("bf16") ? TrainingPlan.Precision.BF16 : TrainingPlan.Precision.FP32,
        training.augmentation(),
        device,
        Seeds.derive(seed, child.id(), "training"));
  }
}
