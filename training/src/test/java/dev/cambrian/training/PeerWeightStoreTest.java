package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two nodes without a cluster between them: the other one's folder is asked directly. */
class PeerWeightStoreTest extends WeightStoreContract {
  private FolderWeightStore own;
  private FolderWeightStore others;
  private boolean cutOff;

  private final class Other implements Peers {
    private void reach() throws StoreUnreachable {
      if (cutOff) {
        throw new StoreUnreachable("cut off by the test");
      }
    }

    @Override
    public void copy(WeightsHash hash) throws StoreUnreachable {
      reach();
      try {
        others.write(hash, own.read(hash));
      } catch (WeightsMissing e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public byte[] fetch(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
      reach();
      return others.read(hash);
    }

    @Override
    public boolean hold(WeightsHash hash) throws StoreUnreachable {
      reach();
      return others.contains(hash);
    }

    @Override
    public Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) {
      try {
        return others.sweep(kept, age);
      } catch (StoreUnreachable e) {
        return Set.of();
      }
    }
  }

  @Override
  WeightStore open() throws Exception {
    own = new FolderWeightStore(directory.resolve("own"));
    others = new FolderWeightStore(directory.resolve("others"));
    PeerWeightStore store = unconnected();
    store.connect(new Other());
    return store;
  }

  private PeerWeightStore unconnected() throws IOException {
    return new PeerWeightStore(own, new WeightCache(directory.resolve("cache"), 1 << 20));
  }

  @Override
  void age(WeightsHash hash) throws IOException {
    for (FolderWeightStore one : List.of(own, others)) {
      Files.setLastModifiedTime(one.file(hash), FileTime.from(Instant.now().minusSeconds(3600)));
    }
  }

  @Override
  void damage(WeightsHash hash) throws IOException {
    damage(own, hash);
    damage(others, hash);
  }

  private static void damage(FolderWeightStore one, WeightsHash hash) throws IOException {
    byte[] bytes = Files.readAllBytes(one.file(hash));
    bytes[9] ^= 4;
    Files.write(one.file(hash), bytes);
  }

  @Override
  void down() {
    cutOff = true;
  }

  @Override
  void up() {
    cutOff = false;
  }

  @Test
  void put_isCompleteWhenTheOtherNodeHasACopy() throws Exception {
    WeightsHash hash = store.put(weights(1));
    assertEquals(weights(1), others.get(hash));
    Files.delete(own.file(hash));
    assertEquals(weights(1), store.get(hash));
    assertFalse(own.contains(hash), "what was fetched is in the cache");
    down();
    assertEquals(weights(1), store.get(hash));
  }

  @Test
  void get_whatIsDamagedHere_isReplacedByTheOthersCopy() throws Exception {
    WeightsHash hash = store.put(weights(1));
    damage(own, hash);
    assertEquals(weights(1), store.get(hash));
    assertEquals(weights(1), own.get(hash));
  }

  @Test
  void notConnected_onlyTheOwnFolderIsKnown() throws Exception {
    WeightsHash hash = store.put(weights(1));
    PeerWeightStore early = unconnected();
    assertEquals(weights(1), early.get(hash));
    assertTrue(early.contains(hash));
    assertThrows(StoreUnreachable.class, () -> early.get(UNKNOWN));
    assertThrows(StoreUnreachable.class, () -> early.put(weights(2)));
    assertEquals(early, early.peered().orElseThrow());
  }
}
