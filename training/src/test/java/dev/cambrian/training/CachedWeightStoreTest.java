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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachedWeightStoreTest extends WeightStoreContract {
  private static final int SIZE = SafeTensors.write(weights(1)).length;

  private S3Server server;
  private WeightStore behind;
  private FolderWeightStore cached;

  @Override
  WeightStore open() throws Exception {
    server = new S3Server("weights");
    behind = S3WeightStoreTest.open(server, "cambrian/one");
    return new CachedWeightStore(behind, cache(1000 * SIZE));
  }

  private WeightCache cache(long capacity) throws IOException {
    WeightCache cache = new WeightCache(directory.resolve("cache"), capacity);
    cached = new FolderWeightStore(directory.resolve("cache"));
    return cache;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private S3Server.Stored stored(WeightsHash hash) {
    return server.objects.get("cambrian/one/" + hash.hex() + ".safetensors");
  }

  @Override
  void age(WeightsHash hash) {
    stored(hash).modified = Instant.now().minusSeconds(3600);
  }

  @Override
  void damage(WeightsHash hash) throws IOException {
    stored(hash).bytes[9] ^= 4;
    damageCached(hash);
  }

  private void damageCached(WeightsHash hash) throws IOException {
    Path file = cached.file(hash);
    byte[] bytes = Files.readAllBytes(file);
    bytes[9] ^= 4;
    Files.write(file, bytes);
  }

  @Override
  void down() {
    server.stop();
  }

  @Override
  void up() throws Exception {
    server.start();
  }

  @Test
  void read_whatIsNear_asksNobody_evenWhereTheStoreIsDown() throws Exception {
    WeightsHash hash = store.put(weights(1));
    int before = server.requests.get();
    assertEquals(weights(1), store.get(hash));
    assertEquals(before, server.requests.get());
    down();
    assertEquals(weights(1), store.get(hash));
  }

  @Test
  void read_withAColdCache_fetchesOnce() throws Exception {
    WeightsHash hash = behind.put(weights(1));
    store.get(hash);
    int before = server.requests.get();
    store.get(hash);
    assertEquals(before, server.requests.get());
  }

  @Test
  void read_whatIsDamagedInTheCache_isFetchedAgain_andStoredAnew() throws Exception {
    WeightsHash hash = store.put(weights(1));
    damageCached(hash);
    assertEquals(weights(1), store.get(hash));
    assertEquals(weights(1), cached.get(hash));
  }

  @Test
  void cache_overItsSize_losesWhatWasUsedLeastRecently_alsoAfterARestart() throws Exception {
    WeightCache small = cache(3 * SIZE);
    WeightsHash[] hashes = new WeightsHash[5];
    for (int i = 0; i < 3; i++) {
      hashes[i] = WeightsHash.of(SafeTensors.write(weights(i)));
      small.keep(hashes[i], SafeTensors.write(weights(i)));
      Files.setLastModifiedTime(cached.file(hashes[i]), FileTime.from(Instant.now().minusSeconds(100 - i)));
    }
    small.read(hashes[0], () -> {
      throw new AssertionError("it is near");
    });
    small = cache(3 * SIZE);
    byte[] more = SafeTensors.write(weights(3));
    small.keep(WeightsHash.of(more), more);
    assertTrue(cached.contains(hashes[0]), "used last");
    assertFalse(cached.contains(hashes[1]));
    assertTrue(cached.contains(WeightsHash.of(more)));
    assertTrue(cached.files().size() <= 3);
  }

  @Test
  void cache_smallerThanAFile_keepsNothing_andOneWithoutAFolderWorks() throws Exception {
    WeightsHash hash = behind.put(weights(1));
    WeightStore uncached = new CachedWeightStore(behind, cache(SIZE - 1));
    assertEquals(weights(1), uncached.get(hash));
    assertFalse(cached.contains(hash));
    WeightStore broken = new CachedWeightStore(behind, cache(100 * SIZE));
    Files.delete(directory.resolve("cache"));
    Files.createFile(directory.resolve("cache"));
    assertEquals(weights(1), broken.get(hash));
    broken.put(weights(2));
  }

  @Test
  void contains_isWhatTheStoreSays() throws Exception {
    WeightsHash hash = store.put(weights(1));
    server.objects.clear();
    assertFalse(store.contains(hash));
    down();
    assertThrows(StoreUnreachable.class, () -> store.contains(hash));
  }
}
