package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every weight store holds to. */
abstract class WeightStoreContract {
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final WeightsHash UNKNOWN = new WeightsHash("0".repeat(64));

  @TempDir Path directory;
  WeightStore store;

  /** An empty store; called once for every test. */
  abstract WeightStore open() throws Exception;

  /** Makes what is stored under an address an hour old. */
  abstract void age(WeightsHash hash) throws Exception;

  /** Changes a bit of what is stored under an address. */
  abstract void damage(WeightsHash hash) throws Exception;

  /** The store is down, until {@link #up}. */
  abstract void down() throws Exception;

  abstract void up() throws Exception;

  @BeforeEach
  void begin() throws Exception {
    store = open();
  }

  @AfterEach
  void end() throws Exception {
    store.close();
  }

  static Weights weights(float value) {
    return new Weights(Map.of("a", new Tensor(List.of(2), new float[] {value, 1})));
  }

  WeightsHash putLongAgo(float value) throws Exception {
    WeightsHash hash = store.put(weights(value));
    age(hash);
    return hash;
  }

  @Test
  void get_whatWasPut_isTheSame_andIsThere() throws Exception {
    WeightsHash hash = store.put(weights(1));
    assertTrue(store.contains(hash));
    assertEquals(weights(1), store.get(hash));
    assertArrayEquals(SafeTensors.write(weights(1)), store.read(hash));
    assertEquals(hash, store.put(weights(1)));
    assertFalse(hash.equals(store.put(weights(2))));
  }

  @Test
  void get_unknown_isMissing() throws Exception {
    assertFalse(store.contains(UNKNOWN));
    String message = assertThrows(WeightsMissing.class, () -> store.get(UNKNOWN)).getMessage();
    assertTrue(message.contains(UNKNOWN.hex()), message);
  }

  @Test
  void get_damaged_isMissing_andPutHeals() throws Exception {
    WeightsHash hash = store.put(weights(1));
    damage(hash);
    String message = assertThrows(WeightsMissing.class, () -> store.get(hash)).getMessage();
    assertTrue(message.contains(hash.hex()), message);
    store.put(weights(1));
    assertEquals(weights(1), store.get(hash));
  }

  @Test
  void sweep_deletesOnlyWhatIsOldAndNotKept() throws Exception {
    WeightsHash kept = putLongAgo(1);
    Set<WeightsHash> old = new HashSet<>();
    for (int i = 2; i < 10; i++) {
      old.add(putLongAgo(i));
    }
    WeightsHash young = store.put(weights(10));
    assertEquals(old, store.sweep(Set.of(kept), MINUTE));
    assertTrue(store.contains(kept));
    assertTrue(store.contains(young));
    for (WeightsHash gone : old) {
      assertFalse(store.contains(gone));
    }
    assertEquals(Set.of(), store.sweep(Set.of(kept), MINUTE));
  }

  @Test
  void sweep_oldWeightsPutAgain_areYoung() throws Exception {
    WeightsHash hash = putLongAgo(1);
    store.put(weights(1));
    assertEquals(Set.of(), store.sweep(Set.of(), MINUTE));
    assertTrue(store.contains(hash));
  }

  @Test
  void put_manyAtOnce_allAreThere() throws Exception {
    List<WeightsHash> hashes = IntStream.range(0, 48).parallel().mapToObj(i -> {
      try {
        return store.put(weights(i % 16));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }).toList();
    assertEquals(16, Set.copyOf(hashes).size());
    for (int i = 0; i < 16; i++) {
      assertEquals(weights(i), store.get(hashes.get(i)));
    }
  }

  @Test
  void down_isUnreachable_neverMissing_andWhatWasThereIsThereAgain() throws Exception {
    WeightsHash hash = store.put(weights(1));
    down();
    assertThrows(StoreUnreachable.class, () -> store.put(weights(2)));
    assertThrows(StoreUnreachable.class, () -> store.get(UNKNOWN));
    assertThrows(StoreUnreachable.class, () -> store.contains(UNKNOWN));
    up();
    assertEquals(weights(1), store.get(hash));
    assertThrows(WeightsMissing.class, () -> store.get(UNKNOWN));
    store.put(weights(2));
  }

  @Test
  void share_givesAnotherStoreWhatThisOneHas_andEachDeletesItsOwn() throws Exception {
    WeightsHash one = putLongAgo(1);
    FolderWeightStore other = new FolderWeightStore(directory.resolve("shared"));
    assertEquals(Set.of(UNKNOWN), store.share(List.of(one, UNKNOWN), other));
    assertEquals(Set.of(), store.share(List.of(one), other));
    assertEquals(Set.of(one), store.sweep(Set.of(), MINUTE));
    assertEquals(weights(1), other.get(one));
    assertFalse(other.contains(UNKNOWN));
  }
}
