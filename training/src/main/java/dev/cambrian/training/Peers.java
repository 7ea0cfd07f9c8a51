package dev.cambrian.training;

import java.time.Duration;
import java.util.Set;

/** The other nodes of a cluster, as far as weights go: who can hand over, or keep, what this node should not alone. */
public interface Peers {

  /**
   * Has another node keep a copy of what this node holds, one that hosts populations where there is one. Returns when
   * it is on that node's disk, or at once where there is no other node.
   *
   * @throws StoreUnreachable where there are other nodes and none of them did it
   */
  void copy(WeightsHash hash) throws StoreUnreachable;

  /**
   * The bytes of an address, checked.
   *
   * @throws WeightsMissing where every other node answered, and none of them has the weights
   * @throws StoreUnreachable where no node that answered has them, but one that did not answer might
   */
  byte[] fetch(WeightsHash hash) throws WeightsMissing, StoreUnreachable;

  /** Whether another node holds the address. */
  boolean hold(WeightsHash hash) throws StoreUnreachable;

  /**
   * Deletes on every other node that answers what is not in {@code kept} and older than {@code age} by that node's
   * clock; a node that does not answer keeps its weights until the next time.
   *
   * @return the addresses that were deleted anywhere
   */
  Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age);
}
