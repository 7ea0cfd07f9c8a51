package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FolderWeightStoreTest extends WeightStoreContract {
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  private FolderWeightStore folder;

  @Override
  WeightStore open() throws IOException {
    folder = new FolderWeightStore(directory.resolve("weights"));
    return folder;
  }

  @Override
  void age(WeightsHash hash) throws IOException {
    Files.setLastModifiedTime(folder.file(hash), FileTime.from(LONG_AGO));
  }

  @Override
  void damage(WeightsHash hash) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.file(hash));
    bytes[9] ^= 4;
    Files.write(folder.file(hash), bytes);
  }

  /** As where the disk that was mounted there is gone. */
  @Override
  void down() throws IOException {
    Files.move(directory.resolve("weights"), directory.resolve("elsewhere"));
  }

  @Override
  void up() throws IOException {
    Files.move(directory.resolve("elsewhere"), directory.resolve("weights"));
  }

  @Test
  void put_sameTwice_sameAddressOneFile() throws IOException {
    assertEquals(store.put(weights(1)), store.put(weights(1)));
    assertEquals(1, files());
    store.put(weights(2));
    assertEquals(2, files());
  }

  @Test
  void get_throughAnotherStoreInTheSameFolder_isTheSame() throws IOException {
    WeightsHash hash = store.put(weights(1));
    assertEquals(weights(1), new FolderWeightStore(directory.resolve("weights")).get(hash));
  }

  @Test
  void share_onOneDisk_givesTheSameFileTwoNames() throws Exception {
    WeightsHash hash = store.put(weights(1));
    FolderWeightStore other = new FolderWeightStore(directory.resolve("other"));
    assertEquals(Set.of(UNKNOWN), store.share(List.of(hash, UNKNOWN), other));
    assertTrue(Files.isSameFile(folder.file(hash), other.file(hash)));
  }

  @Test
  void share_whereNothingCanBeLinked_copiesWhatIsSound() throws Exception {
    for (Exception why : List.of(new FileSystemException("x", "y", "Invalid cross-device link"),
        new UnsupportedOperationException("no links"))) {
      FolderWeightStore unlinked = new FolderWeightStore(directory.resolve("weights"), (name, file) -> {
        if (why instanceof IOException e) {
          throw e;
        }
        throw (RuntimeException) why;
      });
      FolderWeightStore other = new FolderWeightStore(directory.resolve(why.getClass().getSimpleName()));
      WeightsHash hash = unlinked.put(weights(1));
      WeightsHash damaged = unlinked.put(weights(2));
      damage(damaged);
      assertEquals(Set.of(damaged, UNKNOWN), unlinked.share(List.of(hash, damaged, UNKNOWN), other));
      assertEquals(weights(1), other.get(hash));
      assertFalse(Files.isSameFile(folder.file(hash), other.file(hash)));
      assertFalse(other.contains(damaged));
      assertEquals(List.of(other.file(hash)), other.files());
    }
  }

  @Test
  void get_anyByteFlippedOrCutOff_namesTheFile() throws IOException {
    WeightsHash hash = store.put(weights(1));
    byte[] sound = Files.readAllBytes(folder.file(hash));
    for (int i = 0; i < sound.length; i++) {
      byte[] flipped = sound.clone();
      flipped[i] ^= 0x10;
      Files.write(folder.file(hash), flipped);
      String message = assertThrows(WeightsMissing.class, () -> store.get(hash)).getMessage();
      assertTrue(message.contains(folder.file(hash) + " are damaged"), message);
      Files.write(folder.file(hash), Arrays.copyOf(sound, i));
      assertThrows(WeightsMissing.class, () -> store.get(hash));
    }
  }

  @Test
  void part_ofAFile_isThatOfItsBytes() throws IOException {
    WeightsHash hash = store.put(weights(1));
    byte[] bytes = store.read(hash);
    assertArrayEquals(Arrays.copyOfRange(bytes, 3, 13), folder.part(hash, 3, 10).bytes());
    assertArrayEquals(Arrays.copyOfRange(bytes, 3, bytes.length), folder.part(hash, 3, 10_000).bytes());
    assertEquals(bytes.length, folder.part(hash, 10_000, 10).size());
    assertEquals(0, folder.part(hash, 10_000, 10).bytes().length);
    assertThrows(WeightsMissing.class, () -> folder.part(UNKNOWN, 0, 10));
  }

  @Test
  void down_theFolderIsNotMadeAnew_andTheMessageAsksForItsDisk() throws IOException {
    down();
    String message = assertThrows(StoreUnreachable.class, () -> store.put(weights(1))).getMessage();
    assertTrue(message.endsWith(directory.resolve("weights") + " is not there; is its disk mounted?"), message);
    assertFalse(Files.exists(directory.resolve("weights")));
    assertThrows(StoreUnreachable.class, () -> store.sweep(Set.of(), MINUTE));
  }

  @Test
  void sweep_leftoversOfACrash_goOnceTheyAreOld_andStrangersStay() throws Exception {
    WeightsHash hash = putLongAgo(1);
    Path leftover = folder.file(hash).resolveSibling(hash.hex() + ".12345.tmp");
    Files.write(leftover, new byte[10]);
    Path stranger = directory.resolve("weights").resolve("notes.txt");
    Files.writeString(stranger, "mine");
    Files.setLastModifiedTime(stranger, FileTime.from(LONG_AGO));
    assertEquals(Set.of(), store.sweep(Set.of(hash), MINUTE));
    assertTrue(Files.exists(leftover));
    Files.setLastModifiedTime(leftover, FileTime.from(LONG_AGO));
    assertEquals(Set.of(), store.sweep(Set.of(hash), Duration.ofSeconds(1)));
    assertFalse(Files.exists(leftover));
    assertTrue(Files.exists(stranger));
    assertEquals(weights(1), store.get(hash));
  }

  @Test
  void open_whereAFileIs_namesIt() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    IOException e = assertThrows(IOException.class, () -> new FolderWeightStore(file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }

  private long files() throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).count();
    }
  }
}
