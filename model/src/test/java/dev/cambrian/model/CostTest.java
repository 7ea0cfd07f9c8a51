package dev.cambrian.model;

import static dev.cambrian.model.Graphs.SPACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** FLOPs, memory and limits against figures counted by hand. */
class CostTest {

  private static final Network INITIAL = SPACE.express(SPACE.initial(Seeds.random(1)));
  private static final Network SKIP = SPACE.express(Graphs.skipOverTwoConvolutions());
  /** Two 3x3 convolutions of 3 channels on 32x32, each with batch norm and ReLU. */
  private static final Network CHAIN = SPACE.express(Graphs.chain(2));

  @Test
  void initialIndividual_forward() {
    // Pool 3 * 32 * 32, linear 2 * 3 * 10.
    assertEquals(3072 + 60, Flops.forward(INITIAL));
  }

  @Test
  void initialIndividual_trainingHasNoGradientBelowTheLinearLayer() {
    // Forward as above; weights 2 * 30, biases 10; nothing below has a variable.
    assertEquals(3132 + 60 + 10, Flops.training(INITIAL));
  }

  @Test
  void chain_forward() {
    double convolution = 2 * 3 * 3 * 3 * 3 * 1024;
    double batchNorm = 2 * 3072;
    double relu = 3072;
    assertEquals(2 * (convolution + batchNorm + relu) + 3072 + 60, Flops.forward(CHAIN));
  }

  @Test
  void chain_training() {
    double convolution = 2 * 3 * 3 * 3 * 3 * 1024;
    // The first convolution: forward and filter gradient. The second: the gradient of its input, too.
    double convolutions = 2 * convolution + 3 * convolution;
    double batchNorms = 2 * (7 + 9) * 3072;
    double relus = 2 * 2 * 3072;
    double pool = 2 * 3072;
    double linear = 60 + 60 + 60 + 10;
    assertEquals(convolutions + batchNorms + relus + pool + linear, Flops.training(CHAIN));
  }

  @Test
  void skip_forward() {
    double first = 2 * 3 * 9 * 6 * 256;
    double second = 2 * 6 * 3 * 5 * 256;
    double batchNormAndRelu = 3 * 6 * 256;
    double add = 5 * 256;
    double pool = 5 * 256;
    assertEquals(first + second + batchNormAndRelu + add + pool + 100, Flops.forward(SKIP));
  }

  @Test
  void resizedSkipWithAVariableBelow_passesItsGradientBack() {
    // 0 -> 3 -> 1 as before, the second convolution with stride 2 (8x8); a skip 3 -> 1 would double it, so it leaves a
    // one-to-one between them: from 6x16x16 it shrinks to 8x8, then is cut to 5 channels.
    Dna dna = Graphs.skipOverTwoConvolutions();
    Dna inner = dna.withGraph(
        List.of(Vertex.input(0), Vertex.output(1), dna.vertex(3), Vertex.hidden(7, Vertex.Activation.LINEAR)),
        List.of(
            dna.edge(4),
            Edge.identity(8, 3, 7),
            dna.edge(5).withSource(7).withStrideScale(1),
            Edge.identity(6, 3, 1, 0.5, 0.5)));
    Network network = SPACE.express(inner);
    double first = 2 * 3 * 9 * 6 * 256;
    double second = 2 * 6 * 3 * 5 * 64;
    double resizeBackward = 6 * 64;
    assertEquals(
        2 * first + (7 + 9 + 2) * 6 * 256 + 3 * second + 5 * 64 + resizeBackward + 2 * 5 * 64 + 300 + 10,
        Flops.training(network));
  }

  @Test
  void individual_isTrainingAndValidation() {
    assertEquals(
        Flops.training(CHAIN) * 50 * 25_600 + Flops.forward(CHAIN) * 5000,
        Flops.ofIndividual(CHAIN, 25_600, 50, 5000));
  }

  @Test
  void memory_isActivationsAndGradientsOfABatchAndThreeValuesPerWeight() {
    // Input 3072, pooled 3, scores 10; 40 weights.
    assertEquals(4 * (2 * 50 * (3072 + 3 + 10) + 3 * 40), TrainingMemory.bytes(INITIAL, 50));
    // Six values of 3x32x32 between input and pool; 81 + 81 + 12 + 40 trained weights, 12 averages.
    assertEquals(4 * (2 * 50 * (7 * 3072 + 13) + 3 * 214 + 12), TrainingMemory.bytes(CHAIN, 50));
  }

  @Test
  void memory_ofAbsurdNetworksDoesNotOverflow() {
    Dna dna = Graphs.chain(1);
    Network wide = SPACE.express(dna.withEdge(dna.edge(4).withDepthFactor(600_000)));
    assertEquals(Long.MAX_VALUE, TrainingMemory.bytes(wide, Integer.MAX_VALUE));
  }

  @Test
  void limits_nameTheFirstThatIsExceeded() {
    assertEquals(Optional.empty(), new Limits(214, 9, 1e12).exceededBy(CHAIN, 10, 50, 100));
    assertEquals(
        Optional.of("214 parameters are more than the limit of 213"),
        new Limits(213, 9, 1e12).exceededBy(CHAIN, 10, 50, 100));
    assertEquals(
        Optional.of("training a batch of 50 takes about 9 MiB, more than the limit of 8 MiB"),
        new Limits(214, 8, 1e12).exceededBy(CHAIN, 10, 50, 100));
    Optional<String> flops = new Limits(214, 9, 1e6).exceededBy(CHAIN, 10, 50, 100);
    assertTrue(flops.orElseThrow().startsWith("training takes "), flops.get());
    assertTrue(flops.get().endsWith("e+08 FLOPs, more than the limit of 1.00e+06"), flops.get());
  }

  @Test
  void limitsThatAllowNothing_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Limits(0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Limits(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Limits(1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Limits(1, 1, Double.NaN));
  }
}
