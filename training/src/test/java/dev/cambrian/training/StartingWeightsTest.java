package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.cambrian.model.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartingWeightsTest {
  private static final Network NETWORK = NetworkBuilder.plain(3, 8, 4, 5, 8);

  private static float[] values(Weights weights, String id) {
    return weights.tensors().get(id).values();
  }

  @Test
  void of_idAndShapeMatch_takesTheParentsValueAveragesIncluded() {
    Tensor filter = new Tensor(List.of(5, 3, 3, 3), new float[135]);
    Tensor mean = new Tensor(List.of(5), new float[] {1, 2, 3, 4, 5});
    Tensor gone = new Tensor(List.of(1), new float[] {1});
    Weights parent = new Weights(Map.of("n1/filter", filter, "n2/mean", mean, "gone", gone));
    Weights starting = StartingWeights.of(NETWORK, parent, 1);
    assertSame(filter, starting.tensors().get("n1/filter"));
    assertSame(mean, starting.tensors().get("n2/mean"));
    assertEquals(NETWORK.variables().size(), starting.tensors().size());
  }

  @Test
  void of_idMatchesButShapeDoesNot_startsFromTheInitializer() {
    Weights parent = new Weights(Map.of(
        "n1/filter", new Tensor(List.of(3, 5, 3, 3), new float[135]), "n2/mean", new Tensor(List.of(1), new float[1])));
    Weights starting = StartingWeights.of(NETWORK, parent, 1);
    assertEquals(StartingWeights.of(NETWORK, Weights.none(), 1), starting);
  }

  @Test
  void of_sameSeed_sameBits_whateverElseIsInherited() {
    Weights fresh = StartingWeights.of(NETWORK, Weights.none(), 7);
    Weights parent = new Weights(Map.of("n1/filter", new Tensor(List.of(5, 3, 3, 3), new float[135])));
    assertArrayEquals(values(fresh, "n4/filter"), values(StartingWeights.of(NETWORK, parent, 7), "n4/filter"));
    assertFalse(Arrays.equals(
        values(fresh, "n4/filter"), values(StartingWeights.of(NETWORK, Weights.none(), 8), "n4/filter")));
  }

  @Test
  void of_normal_hasTheMomentsOfANormalDistribution() {
    Network wide = NetworkBuilder.plain(3, 8, 4, 100, 100);
    float[] values = values(StartingWeights.of(wide, Weights.none(), 3), "n4/filter");
    double deviation = Math.sqrt(2.0 / 900);
    double mean = 0;
    double square = 0;
    double within = 0;
    for (float value : values) {
      mean += value / values.length;
      square += (double) value * value / values.length;
      within += Math.abs(value) < deviation ? 1.0 / values.length : 0;
    }
    assertEquals(0, mean, 4 * deviation / 300);
    assertEquals(deviation, Math.sqrt(square), 0.01 * deviation);
    assertEquals(0.6827, within, 0.007);
  }
}
