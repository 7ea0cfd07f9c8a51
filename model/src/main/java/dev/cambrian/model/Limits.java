package dev.cambrian.model;

import java.util.Locale;
import java.util.Optional;

/**
 * What a child may cost at most. Decided before training from its network alone, so that it does not depend on the
 * machine.
 *
 * @param maxParameters trained values
 * @param maxMemoryMib estimated training memory in MiB, see {@link TrainingMemory}
 * @param maxFlops of one training and validation, see {@link Flops#ofIndividual}
 */
public record Limits(long maxParameters, long maxMemoryMib, double maxFlops) {

  private static final double MIB = 1 << 20;

  public Limits {
    if (maxParameters < 1 || maxMemoryMib < 1 || !(maxFlops > 0)) {
      throw new IllegalArgumentException("the limits on parameters, memory and FLOPs must be above 0, not "
          + maxParameters + ", " + maxMemoryMib + " MiB and " + maxFlops);
    }
  }

  /** One sentence about the first limit that training a network would exceed; empty where it exceeds none. */
  public Optional<String> exceededBy(Network network, long steps, int batch, long validationImages) {
    long parameters = network.parameters();
    if (parameters > maxParameters) {
      return sentence("%,d parameters are more than the limit of %,d", parameters, maxParameters);
    }
    long memory = TrainingMemory.bytes(network, batch);
    if (memory > maxMemoryMib * MIB) {
      return sentence(
          "training a batch of %d takes about %,d MiB, more than the limit of %,d MiB",
          batch, (long) Math.ceil(memory / MIB), maxMemoryMib);
    }
    double flops = Flops.ofIndividual(network, steps, batch, validationImages);
    if (flops > maxFlops) {
      return sentence("training takes %.3g FLOPs, more than the limit of %.3g", flops, maxFlops);
    }
    return Optional.empty();
  }

  private static Optional<String> sentence(String format, Object... values) {
    return Optional.of(String.format(Locale.ROOT, format, values));
  }
}
