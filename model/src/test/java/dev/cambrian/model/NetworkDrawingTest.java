package dev.cambrian.model;

import static dev.cambrian.model.Graphs.SPACE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkDrawingTest {

  @Test
  void initialIndividual_isThreeLayers() {
    assertEquals(
        """
        ●  input                 3×32×32
        ●  global average pool   3
        ●  linear, softmax       10               40
        40 parameters; 3.1 kFLOPs to classify an image, 3.2 kFLOPs to train on it
        """,
        NetworkDrawing.of(SPACE.express(SPACE.initial(Seeds.random(1)))));
  }

  @Test
  void skips_areLanesFromTheLayerTheyLeaveToTheOneTheyAreAddedTo() {
    assertEquals(
        """
        ●    input                                               3×32×32
        ├─╮
        ● │  convolution 3×3, stride 2, batch norm, ReLU         6×16×16         174
        ● │  convolution 3×1                                     5×16×16          90
        ●◂╯  add (skip resized to 16×16, padded to 5 channels)   5×16×16
        ●    global average pool                                 5
        ●    linear, softmax                                     10               60
        324 parameters; 136 kFLOPs to classify an image, 336 kFLOPs to train on it
        """,
        NetworkDrawing.of(SPACE.express(Graphs.skipOverTwoConvolutions())));
  }

  @Test
  void evolvedNetwork_showsEveryConvolutionAndEverySkip() {
    // Without one-to-one pairs, which may be nothing at all, two skips never share a lane from end to end.
    MutationSettings noOneToOne = new MutationSettings(1, Map.of(MutationKind.INSERT_ONE_TO_ONE, 0.0));
    for (int seed = 0; seed < 50; seed++) {
      Dna dna = Lineages.evolved(SPACE, noOneToOne, 150, seed);
      String drawing = NetworkDrawing.of(SPACE.express(dna));
      assertEquals(dna.edges().stream().filter(edge -> edge.type() == Edge.Type.CONV).count(),
          drawing.lines().filter(line -> line.contains("convolution")).count(), drawing);
      assertEquals(dna.skips().size(),
          drawing.chars().filter(c -> "╯┴┤┼".indexOf(c) >= 0).count(), drawing);
      assertTrue(drawing.lines().allMatch(line -> line.equals(line.stripTrailing())), drawing);
    }
  }
}
