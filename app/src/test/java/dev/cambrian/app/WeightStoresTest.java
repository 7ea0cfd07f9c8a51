package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.PeerWeightStore;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.Tensor;
import dev.cambrian.training.WeightStore;
import dev.cambrian.training.Weights;
import dev.cambrian.training.WeightsHash;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightStoresTest {
  private static final Weights WEIGHTS = new Weights(Map.of("a", new Tensor(List.of(1), new float[] {1})));

  @TempDir Path directory;

  private WeightStores configured(String keys) throws IOException {
    Path file = Files.writeString(directory.resolve("my.conf"), "cambrian.weights { " + keys + " }");
    return ConfigurationFile.load(directory.resolve("nowhere"), Optional.of(file), Map.of()).weights();
  }

  private ExperimentHome home(String experiment) {
    return new ExperimentHome(directory.resolve("home").resolve(experiment));
  }

  @Test
  void asItComes_weightsAreInTheExperimentsHome() throws IOException {
    try (WeightStore store = configured("").ofNode("one", home("one"), home("one"))) {
      WeightsHash hash = store.put(WEIGHTS);
      assertTrue(Files.exists(new FolderWeightStore(home("one").weights()).file(hash)));
    }
  }

  @Test
  void asItComes_aNodeWithoutTheHome_waitsForItsFolder_andDoesNotMakeIt() throws IOException {
    WeightStores stores = configured("");
    try (WeightStore worker = stores.ofNode("one", home("one"), home("node-2"))) {
      assertThrows(StoreUnreachable.class, () -> worker.put(WEIGHTS));
      assertFalse(Files.exists(home("one").directory()));
      try (WeightStore population = stores.ofNode("one", home("one"), home("one"))) {
        assertEquals(WEIGHTS, population.get(worker.put(WEIGHTS)));
      }
    }
  }

  @Test
  void sharedFolder_isNamedAfterTheExperiment_whateverTheNodesOwnIs() throws IOException {
    Files.createDirectory(directory.resolve("shared"));
    WeightStores stores = configured("folder = shared");
    try (WeightStore one = stores.ofNode("one", home("one"), home("one"));
        WeightStore other = stores.ofNode("one", home("one"), home("node-2"))) {
      assertEquals(WEIGHTS, other.get(one.put(WEIGHTS)));
    }
  }

  @Test
  void twoExperimentsInOneSharedFolder_neverDeleteEachOthers() throws IOException {
    Files.createDirectory(directory.resolve("shared"));
    WeightStores stores = configured("folder = shared");
    try (WeightStore one = stores.ofNode("one", home("one"), home("one"));
        WeightStore two = stores.ofNode("two", home("two"), home("two"))) {
      WeightsHash hash = one.put(WEIGHTS);
      two.put(WEIGHTS);
      for (String experiment : List.of("one", "two")) {
        Path file = new FolderWeightStore(directory.resolve("shared").resolve(experiment)).file(hash);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      }
      assertEquals(Set.of(hash), one.sweep(Set.of(), Duration.ofMinutes(1)));
      assertEquals(WEIGHTS, two.get(hash));
      assertFalse(one.contains(hash));
    }
  }

  @Test
  void sharedFolderThatIsNotMounted_isRefusedByName_andNotMade() throws IOException {
    WeightStores stores = configured("folder = shared");
    String message = assertThrows(UserError.class, () -> stores.ofNode("one", home("one"), home("one"))).getMessage();
    assertTrue(message.contains("there is no folder " + directory.resolve("shared")), message);
    assertFalse(Files.exists(directory.resolve("shared")));
  }

  @Test
  void peers_aNodeNeedsTheOthers_andACommandReadsWhatLiesHere() throws IOException {
    WeightStores stores = configured("store = peers");
    try (WeightStore node = stores.ofNode("one", home("one"), home("one")); WeightStore here = stores.of(home("one"))) {
      assertInstanceOf(PeerWeightStore.class, node);
      assertThrows(StoreUnreachable.class, () -> node.put(WEIGHTS));
      assertEquals(WEIGHTS, here.get(here.put(WEIGHTS)));
    }
  }

  @Test
  void bucketThatNobodyServes_isANote_andItsKeyIsNotInIt() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.writeString(directory.resolve("access"), "AK1\n");
    Files.writeString(directory.resolve("secret"), "very secret\n");
    WeightStores stores = configured("store = s3, s3 { bucket = weights, path-style = true, access-key-file = access, "
        + "secret-key-file = secret, endpoint = \"http://127.0.0.1:" + port + "\" }");
    String note = stores.check("one").orElseThrow();
    assertTrue(note.contains("s3://weights/cambrian/one at http://127.0.0.1:" + port), note);
    assertFalse(note.contains("secret") || stores.toString().contains("very secret"), note);
    Files.delete(directory.resolve("secret"));
    String missing = stores.check("one").orElseThrow();
    assertTrue(missing.contains(directory.resolve("secret") + " cannot be read"), missing);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "store = nfs                                         | must be one of folder, s3, peers, not nfs",
      "store = s3                                          | s3.bucket must be the name of a bucket",
      "store = s3, s3.bucket = My_Bucket                   | s3.bucket must be the name of a bucket",
      "s3.endpoint = storage.example.org                   | s3.endpoint must be an address like https://",
      "s3.endpoint = \"https://me:secret@example.org\"     | s3.endpoint must not have keys in it",
      "s3.access-key-file = access                         | s3.secret-key-file must be a file, as the other key",
      "cache.size = -1                                     | cache.size must be a whole number from 0",
  })
  void badValues_areRefusedByTheirKey(String keys, String complaint) {
    String message = assertThrows(UserError.class, () -> configured(keys)).getMessage();
    assertTrue(message.contains("cambrian.weights.") && message.contains(complaint), message);
    assertFalse(message.contains("me:secret"), message);
  }
}
