package dev.cambrian.training;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Weights that lie on the nodes of the cluster themselves: what a node stores it keeps in its own folder, and a second
 * node has a copy before the write is complete, so that no node's loss takes weights with it. What is elsewhere is
 * fetched from there, and kept in a cache.
 *
 * <p>It begins before the cluster does: until it is connected, only its own folder can be read.
 */
public final class PeerWeightStore implements WeightStore {
  private final FolderWeightStore own;
  private final WeightCache cache;
  private volatile Peers peers;

  /**
   * The store of one node, not connected yet.
   *
   * @param own what this node holds, for itself and for the others
   * @param cache what it fetched
   */
  public PeerWeightStore(FolderWeightStore own, WeightCache cache) {
    this.own = own;
    this.cache = cache;
  }

  /** Makes the other nodes known. */
  public void connect(Peers others) {
    peers = others;
  }

  /** What this node holds. */
  public FolderWeightStore own() {
    return own;
  }

  private Peers peers() throws StoreUnreachable {
    Peers connected = peers;
    if (connected == null) {
      throw new StoreUnreachable("this node has not joined the others that may hold the weights");
    }
    return connected;
  }

  @Override
  public void write(WeightsHash hash, byte[] bytes) throws StoreUnreachable {
    own.write(hash, bytes);
    peers().copy(hash);
  }

  /** A copy of this node's own that is damaged is replaced by what another node holds. */
  @Override
  public byte[] read(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
    if (own.contains(hash)) {
      try {
        return own.read(hash);
      } catch (WeightsMissing damaged) {
        byte[] sound = peers().fetch(hash);
        own.write(hash, sound);
        return sound;
      }
    }
    return cache.read(hash, () -> peers().fetch(hash));
  }

  @Override
  public boolean contains(WeightsHash hash) throws StoreUnreachable {
    return own.contains(hash) || peers().hold(hash);
  }

  @Override
  public Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) throws StoreUnreachable {
    Set<WeightsHash> swept = new HashSet<>(peers().sweep(kept, age));
    swept.addAll(own.sweep(kept, age));
    return swept;
  }

  @Override
  public Optional<PeerWeightStore> peered() {
    return Optional.of(this);
  }

  @Override
  public String toString() {
    return own + " and the other nodes";
  }
}
