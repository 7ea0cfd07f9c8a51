package dev.cambrian.training;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where weights are kept, by content: one safetensors file each, whose address is the SHA-256 of its bytes. What was
 * written is durable, whole, before {@code write} returns; what is read has been compared with its address.
 *
 * <p>Two things can go wrong, and they are not alike: {@link WeightsMissing} is an answer, and final;
 * {@link StoreUnreachable} is none, and passes.
 */
public interface WeightStore extends AutoCloseable {

  /** Stores the bytes of an address durably; storing the same twice is harmless, and makes them young again. */
  void write(WeightsHash hash, byte[] bytes) throws StoreUnreachable;

  /** The bytes of an address. */
  byte[] read(WeightsHash hash) throws WeightsMissing, StoreUnreachable;

  /** Whether the store holds the address. */
  boolean contains(WeightsHash hash) throws StoreUnreachable;

  /**
   * Deletes every stored weight that is not in {@code kept} and was written longer than {@code age} ago, by the store's
   * own clock; temporary leftovers too.
   *
   * @return the addresses that were deleted
   */
  Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) throws StoreUnreachable;

  /** Stores weights durably and returns their address. */
  default WeightsHash put(Weights weights) throws StoreUnreachable {
    byte[] bytes = SafeTensors.write(weights);
    WeightsHash hash = WeightsHash.of(bytes);
    write(hash, bytes);
    return hash;
  }

  /** The weights at an address. */
  default Weights get(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
    try {
      return SafeTensors.read(read(hash));
    } catch (IllegalArgumentException e) {
      throw new WeightsMissing("the weights " + hash + " are not a safetensors file: " + e.getMessage(), e);
    }
  }

  /**
   * Gives weights to another store as well.
   *
   * @return what this store does not hold
   */
  default Set<WeightsHash> share(Collection<WeightsHash> hashes, WeightStore with) throws StoreUnreachable {
    Set<WeightsHash> missing = new HashSet<>();
    for (WeightsHash hash : hashes) {
      try {
        with.write(hash, read(hash));
      } catch (WeightsMissing gone) {
        missing.add(hash);
      }
    }
    return missing;
  }

  /** The store that needs the other nodes of a cluster, where this one is such a store, or stands in front of one. */
  default Optional<PeerWeightStore> peered() {
    return Optional.empty();
  }

  /** Ends connections; a store without any has nothing to do. */
  @Override
  default void close() {}
}
