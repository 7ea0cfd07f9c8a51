package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.model.Dna;
import dev.cambrian.model.Flops;
import dev.cambrian.model.GraphSpace;
import dev.cambrian.model.MutationSettings;
import dev.cambrian.model.Network;
import dev.cambrian.model.Shape;
import dev.cambrian.training.TrainingPlan.Precision;
import dev.cambrian.training.dl4j.Dl4jEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Two libraries that know nothing of each other train the same networks to the same values. */
class EnginesAgreeTest {
  private static final Engine LIBTORCH = Engines.open("libtorch", Clock.systemUTC(), Duration.ofMinutes(5));
  private static final Engine DL4J = new Dl4jEngine(Clock.systemUTC(), Duration.ofMinutes(5));
  private static final int SIZE = 16;
  private static final int CLASSES = 4;
  private static final Split DATA = EasyImages.split(400, 200, SIZE, CLASSES, 11);

  /** Different networks, each some random mutations away from the initial individual. */
  private static List<Network> evolved(int count, int mostMutations) {
    GraphSpace space = new GraphSpace(new Shape(3, SIZE, SIZE), CLASSES);
    Set<Network> networks = new LinkedHashSet<>();
    for (int seed = 0; networks.size() < count; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Dna dna = space.initial(random);
      int mutations = 1 + random.nextInt(mostMutations);
      for (int i = 0; i < mutations; i++) {
        Dna child = space.mutate(dna, MutationSettings.paper(), random).genotype();
        // What grows too large to be quick stays as it was.
        dna = Flops.forward(space.express(child)) < 4e6 ? child : dna;
      }
      networks.add(space.express(dna));
    }
    return new ArrayList<>(networks);
  }

  @Test
  void probabilities_evolvedNetworks_agree() {
    Images images = EasyImages.images(6, SIZE, CLASSES, new Random(5));
    List<Network> networks = evolved(200, 60);
    for (int i = 0; i < networks.size(); i++) {
      Network network = networks.get(i);
      Weights weights = TrainingContract.random(network, i);
      float[][] one = LIBTORCH.scores(network, weights, EasyImages.NORMALIZATION, images).probabilities();
      float[][] other = DL4J.scores(network, weights, EasyImages.NORMALIZATION, images).probabilities();
      for (int n = 0; n < one.length; n++) {
        for (int c = 0; c < CLASSES; c++) {
          assertEquals(one[n][c], other[n][c], 1e-4 * one[n][c] + 1e-30, "network " + i + ", image " + n);
        }
      }
    }
  }

  /** Rounding apart; it grows from step to step, as in any training. */
  @Test
  void train_sameStartAndBatches_sameLosses() throws Exception {
    List<Network> networks = new ArrayList<>(evolved(5, 60));
    networks.add(NetworkBuilder.plain(3, SIZE, CLASSES, 5, 16));
    networks.add(NetworkBuilder.residual(3, SIZE, CLASSES, 6, 1));
    double[] tolerance = {1e-5, 1e-4, 2e-2};
    long[] steps = {1, 10, 100};
    for (Network network : networks) {
      for (int i = 0; i < steps.length; i++) {
        TrainingPlan plan = new TrainingPlan(steps[i], 25, 0.02, 0.9, 1e-4, Precision.FP32, true, 3);
        double one = lastLoss(LIBTORCH, network, plan);
        double other = lastLoss(DL4J, network, plan);
        assertEquals(one, other, tolerance[i] * one + tolerance[i] / 10, network.nodes().size() + " nodes");
      }
    }
  }

  private static double lastLoss(Engine engine, Network network, TrainingPlan plan) throws Exception {
    List<TrainingResult.CurvePoint> curve =
        engine.train(network, Weights.none(), plan, DATA, (step, loss) -> {}).curve();
    return curve.get(curve.size() - 1).loss();
  }

  @Test
  void train_parentOfTheOtherEngine_passesItsWeightsOn() throws Exception {
    Network network = NetworkBuilder.residual(3, SIZE, CLASSES, 6, 1);
    TrainingPlan plan = new TrainingPlan(60, 25, 0.05, 0.9, 1e-4, Precision.FP32, true, 3);
    TrainingPlan none = new TrainingPlan(0, 25, 0.05, 0.9, 1e-4, Precision.FP32, true, 4);
    TrainingPlan few = new TrainingPlan(20, 25, 0.02, 0.9, 1e-4, Precision.FP32, true, 4);
    for (List<Engine> engines : List.of(List.of(LIBTORCH, DL4J), List.of(DL4J, LIBTORCH))) {
      TrainingResult parent = engines.get(0).train(network, Weights.none(), plan, DATA, (step, loss) -> {});
      TrainingResult same = engines.get(1).train(network, parent.weights(), none, DATA, (step, loss) -> {});
      assertEquals(parent.weights(), same.weights());
      assertEquals(parent.validationAccuracy(), same.validationAccuracy(), 0.011);
      TrainingResult child = engines.get(1).train(network, parent.weights(), few, DATA, (step, loss) -> {});
      assertTrue(child.curve().get(0).loss() < parent.curve().get(0).loss() / 2);
    }
  }
}
