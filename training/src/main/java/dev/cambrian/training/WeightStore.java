package dev.cambrian.training;

import java.io.IOException;
import java.time.Instant;
import java.util.Set;

/** Where weights are kept, by content. A weight that was put is on disk, whole, before {@code put} returns. */
public interface WeightStore {

  /** Stores the weights durably and returns their address; storing the same twice is harmless. */
  WeightsHash put(Weights weights) throws IOException;

  /**
   * The weights at an address.
   *
   * @throws IOException where they are missing or their bytes no longer match their address; the message names the file
   */
  Weights get(WeightsHash hash) throws IOException;

  /** Whether the store holds the address. */
  boolean contains(WeightsHash hash);

  /**
   * Deletes every stored weight that is not in {@code kept} and is older than {@code before}; temporary leftovers too.
   *
   * @return the addresses that were deleted
   */
  Set<WeightsHash> sweep(Set<WeightsHash> kept, Instant before) throws IOException;
}
