package dev.cambrian.training;

import dev.cambrian.model.Network;
import dev.cambrian.model.Variable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a network's variables hold before the first step (Real17, weight inheritance): the parent's value where id and
 * shape match, batch-norm averages included, and the variable's initializer elsewhere.
 *
 * <p>Draws are the engines' common ground: they depend on the seed and the variable's id alone, so that what one
 * variable inherits never changes another, and every engine and machine starts from the same bits.
 */
public final class StartingWeights {

  private StartingWeights() {}

  /** Every variable of the network. */
  public static Weights of(Network network, Weights inherited, long seed) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (Variable variable : network.variables()) {
      Tensor parents = inherited.tensors().get(variable.id());
      boolean fits = parents != null && parents.shape().equals(variable.shape());
      tensors.put(variable.id(), fits ? parents : initial(variable, seed));
    }
    return new Weights(tensors);
  }

  private static Tensor initial(Variable variable, long seed) {
    float[] values = new float[Math.toIntExact(variable.size())];
    if (variable.initializer() instanceof Variable.Constant constant) {
      Arrays.fill(values, constant.value());
    } else if (variable.initializer() instanceof Variable.Normal normal) {
      fillNormal(values, normal.standardDeviation(), new SplittableRandom(mixed(seed, variable.id())));
    } else {
      throw new IllegalArgumentException(
          "variable " + variable.id() + " has an initializer that is not known: " + variable.initializer());
    }
    return new Tensor(variable.shape(), values);
  }

  /** Marsaglia's polar method; StrictMath, because Math may round differently from machine to machine. */
  private static void fillNormal(float[] values, double standardDeviation, SplittableRandom random) {
    for (int i = 0; i < values.length; i += 2) {
      double x;
      double y;
      double square;
      do {
        x = 2 * random.nextDouble() - 1;
        y = 2 * random.nextDouble() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square == 0);
      double factor = standardDeviation * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
      values[i] = (float) (x * factor);
      if (i + 1 < values.length) {
        values[i + 1] = (float) (y * factor);
      }
    }
  }

  /** FNV-1a over the seed's bytes, then the id's characters. */
  private static long mixed(long seed, String id) {
    long hash = 0xcbf29ce484222325L;
    for (int shift = 0; shift < 64; shift += 8) {
      hash = (hash ^ (seed >>> shift & 0xff)) * 0x100000001b3L;
    }
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
