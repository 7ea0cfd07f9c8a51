package dev.cambrian.training;

import java.time.Duration;
import java.util.Set;

/** A store that is far away, with a cache on this node in front of it: what was written or read lately is near. */
public final class CachedWeightStore implements WeightStore {
  private final WeightStore behind;
  private final WeightCache cache;

  /** A store behind a cache; closing this closes the store. */
  public CachedWeightStore(WeightStore behind, WeightCache cache) {
    this.behind = behind;
    this.cache = cache;
  }

  @Override
  public void write(WeightsHash hash, byte[] bytes) throws StoreUnreachable {
    behind.write(hash, bytes);
    cache.keep(hash, bytes);
  }

  @Override
  public byte[] read(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
    return cache.read(hash, () -> behind.read(hash));
  }

  /** What the store itself says: a cache holds nothing that can be relied on. */
  @Override
  public boolean contains(WeightsHash hash) throws StoreUnreachable {
    return behind.contains(hash);
  }

  @Override
  public Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) throws StoreUnreachable {
    return behind.sweep(kept, age);
  }

  @Override
  public String toString() {
    return behind.toString();
  }

  @Override
  public void close() {
    behind.close();
  }
}
