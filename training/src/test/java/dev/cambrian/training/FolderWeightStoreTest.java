package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWeightStoreTest {
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  @TempDir Path folder;
  private FolderWeightStore store;

  @BeforeEach
  void open() throws IOException {
    store = new FolderWeightStore(folder.resolve("weights"));
  }

  private static Weights weights(float value) {
    return new Weights(Map.of("a", new Tensor(List.of(2), new float[] {value, 1})));
  }

  private WeightsHash putLongAgo(float value) throws IOException {
    WeightsHash hash = store.put(weights(value));
    Files.setLastModifiedTime(store.file(hash), FileTime.from(LONG_AGO));
    return hash;
  }

  @Test
  void get_whatWasPut_isTheSame() throws IOException {
    WeightsHash hash = store.put(weights(1));
    assertTrue(store.contains(hash));
    assertEquals(weights(1), store.get(hash));
    assertEquals(weights(1), new FolderWeightStore(folder.resolve("weights")).get(hash));
  }

  @Test
  void put_sameTwice_sameAddressOneFile() throws IOException {
    assertEquals(store.put(weights(1)), store.put(weights(1)));
    assertEquals(1, files());
    assertFalse(store.put(weights(2)).equals(store.put(weights(1))));
    assertEquals(2, files());
  }

  @Test
  void share_givesTheSameFileTwoNames_andEachStoreDeletesItsOwn() throws IOException {
    WeightsHash one = putLongAgo(1);
    WeightsHash two = putLongAgo(2);
    WeightsHash unknown = new WeightsHash("0".repeat(64));
    FolderWeightStore other = new FolderWeightStore(folder.resolve("other"));
    assertEquals(Set.of(unknown), store.share(List.of(one, two, unknown), other));
    assertEquals(Set.of(), store.share(List.of(one), other));
    assertEquals(weights(1), other.get(one));
    assertFalse(other.contains(unknown));
    assertTrue(Files.isSameFile(store.file(one), other.file(one)));

    assertEquals(Set.of(one), store.sweep(Set.of(two), Instant.now()));
    assertEquals(weights(1), other.get(one));
    assertEquals(Set.of(two), other.sweep(Set.of(one), Instant.now()));
    assertEquals(weights(2), store.get(two));
  }

  @Test
  void put_overADamagedFile_heals() throws IOException {
    WeightsHash hash = store.put(weights(1));
    Files.write(store.file(hash), new byte[3]);
    store.put(weights(1));
    assertEquals(weights(1), store.get(hash));
  }

  @Test
  void get_unknown_namesTheFile() {
    WeightsHash hash = new WeightsHash("0".repeat(64));
    assertFalse(store.contains(hash));
    IOException e = assertThrows(IOException.class, () -> store.get(hash));
    assertTrue(e.getMessage().contains(store.file(hash) + " are missing"), e.getMessage());
  }

  @Test
  void get_anyByteFlippedOrCutOff_namesTheFile() throws IOException {
    WeightsHash hash = store.put(weights(1));
    byte[] sound = Files.readAllBytes(store.file(hash));
    for (int i = 0; i < sound.length; i++) {
      byte[] flipped = sound.clone();
      flipped[i] ^= 0x10;
      Files.write(store.file(hash), flipped);
      String message = assertThrows(IOException.class, () -> store.get(hash)).getMessage();
      assertTrue(message.contains(store.file(hash) + " are damaged"), message);
      Files.write(store.file(hash), java.util.Arrays.copyOf(sound, i));
      assertThrows(IOException.class, () -> store.get(hash));
    }
  }

  @Test
  void sweep_deletesOnlyWhatIsOldAndNotKept() throws IOException {
    WeightsHash kept = putLongAgo(1);
    WeightsHash old = putLongAgo(2);
    WeightsHash young = store.put(weights(3));
    assertEquals(Set.of(old), store.sweep(Set.of(kept), Instant.now().minusSeconds(60)));
    assertTrue(store.contains(kept));
    assertFalse(store.contains(old));
    assertTrue(store.contains(young));
    assertEquals(Set.of(), store.sweep(Set.of(kept), Instant.now().minusSeconds(60)));
  }

  @Test
  void sweep_oldWeightsPutAgain_areYoung() throws IOException {
    WeightsHash hash = putLongAgo(1);
    store.put(weights(1));
    assertEquals(Set.of(), store.sweep(Set.of(), Instant.now().minusSeconds(60)));
    assertTrue(store.contains(hash));
  }

  @Test
  void sweep_leftoversOfACrash_goOnceTheyAreOld_andStrangersStay() throws IOException {
    WeightsHash hash = putLongAgo(1);
    Path leftover = store.file(hash).resolveSibling(hash.hex() + ".12345.tmp");
    Files.write(leftover, new byte[10]);
    Path stranger = folder.resolve("weights").resolve("notes.txt");
    Files.writeString(stranger, "mine");
    Files.setLastModifiedTime(stranger, FileTime.from(LONG_AGO));
    assertEquals(Set.of(), store.sweep(Set.of(hash), Instant.now().minusSeconds(60)));
    assertTrue(Files.exists(leftover));
    Files.setLastModifiedTime(leftover, FileTime.from(LONG_AGO));
    assertEquals(Set.of(), store.sweep(Set.of(hash), Instant.now().minusSeconds(60)));
    assertFalse(Files.exists(leftover));
    assertTrue(Files.exists(stranger));
    assertEquals(weights(1), store.get(hash));
  }

  @Test
  void put_manyAtOnce_allAreThere() {
    List<WeightsHash> hashes = IntStream.range(0, 64).parallel().mapToObj(i -> {
      try {
        return store.put(weights(i % 16));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }).toList();
    assertTrue(hashes.stream().allMatch(store::contains));
    assertEquals(16, Set.copyOf(hashes).size());
  }

  @Test
  void open_whereAFileIs_namesIt() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    IOException e = assertThrows(IOException.class, () -> new FolderWeightStore(file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }

  private long files() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
