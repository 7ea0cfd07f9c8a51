package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import dev.cambrian.training.FolderWeightStore;
import dev.cambrian.training.PeerWeightStore;
import dev.cambrian.training.StoreUnreachable;
import dev.cambrian.training.WeightCache;
import dev.cambrian.training.WeightsHash;
import dev.cambrian.training.WeightsMissing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in one process, that share nothing but messages: the second hosts populations. */
class ClusterPeersTest {
  private static final WeightsHash UNKNOWN = new WeightsHash("0".repeat(64));

  @TempDir Path directory;
  private final List<Node> nodes = new ArrayList<>();

  private record Node(ActorSystem<Void> system, FolderWeightStore own, PeerWeightStore store) {}

  private void join(String role, String settle) throws IOException {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "peers", ConfigFactory.parseString(
        "akka.cluster.roles = [" + role + "], cambrian.actors { retry = 1s, weights-settle = " + settle + " }")
        .withFallback(LocalCluster.configuration()).resolve());
    Path folder = directory.resolve("node" + nodes.size());
    FolderWeightStore own = new FolderWeightStore(folder);
    PeerWeightStore store = new PeerWeightStore(own, new WeightCache(folder.resolveSibling("cache" + nodes.size()), 0));
    WeightPeer.connect(system, store);
    nodes.add(new Node(system, own, store));
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(Cluster.get(nodes.get(0).system()).selfMember().address()));
    Colony.eventually(() -> nodes.stream().allMatch(node -> up(node) == nodes.size()));
  }

  private static long up(Node node) {
    return StreamSupport.stream(Cluster.get(node.system()).state().getMembers().spliterator(), false)
        .filter(member -> member.status().equals(MemberStatus.up())).count();
  }

  @BeforeEach
  void begin() throws IOException {
    join("worker", "1s");
    join("population", "1s");
    join("worker", "1s");
  }

  @AfterEach
  void end() throws Exception {
    for (Node node : nodes) {
      node.system().terminate();
      node.system().getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static WeightsHash write(Node node, byte[] bytes) throws IOException {
    WeightsHash hash = WeightsHash.of(bytes);
    node.store().write(hash, bytes);
    return hash;
  }

  @Test
  void whatAWorkersNodeStores_theNodeOfThePopulationHolds_andEveryNodeReads() throws Exception {
    for (int length : new int[] {0, 1, 65_536, 65_537, 3_000_000}) {
      byte[] bytes = bytes(length);
      WeightsHash hash = write(nodes.get(0), bytes);
      assertTrue(nodes.get(1).own().contains(hash));
      assertFalse(nodes.get(2).own().contains(hash));
      assertTrue(nodes.get(2).store().contains(hash));
      assertArrayEquals(bytes, nodes.get(2).store().read(hash));
    }
    WeightsHash populations = write(nodes.get(1), bytes(10));
    assertTrue(nodes.get(0).own().contains(populations) || nodes.get(2).own().contains(populations));
  }

  @Test
  void manyAtOnce_fromAllNodes_allArrive() {
    List<WeightsHash> hashes = IntStream.range(0, 60).parallel().mapToObj(i -> {
      try {
        return write(nodes.get(i % 3), bytes(1000 * i));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }).toList();
    IntStream.range(0, 60).parallel().forEach(i -> {
      try {
        assertArrayEquals(bytes(1000 * i), nodes.get((i + 1) % 3).store().read(hashes.get(i)));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void aNodeThatIsGone_takesNothingWithIt_andNothingIsCalledMissingUntilThatIsSettled() throws Exception {
    byte[] bytes = bytes(100_000);
    WeightsHash hash = write(nodes.get(0), bytes);
    Colony.eventually(() -> isMissing(nodes.get(2)));

    Node gone = nodes.remove(0);
    gone.system().terminate();
    gone.system().getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertArrayEquals(bytes, nodes.get(1).store().read(hash));
    assertThrows(StoreUnreachable.class, () -> nodes.get(1).store().read(UNKNOWN));
    assertThrows(StoreUnreachable.class, () -> nodes.get(1).store().contains(UNKNOWN));

    Cluster.get(nodes.get(0).system()).manager().tell(new Down(Cluster.get(gone.system()).selfMember().address()));
    Colony.eventually(() -> isMissing(nodes.get(1)));
    assertEquals(2, up(nodes.get(1)));
    assertArrayEquals(bytes, nodes.get(1).store().read(hash));
  }

  private static boolean isMissing(Node node) {
    try {
      node.store().read(UNKNOWN);
      throw new AssertionError("nobody has them");
    } catch (WeightsMissing e) {
      return true;
    } catch (StoreUnreachable e) {
      return false;
    }
  }

  @Test
  void copyThatIsDamagedOnOneNode_isFetchedFromAnother() throws Exception {
    byte[] bytes = bytes(200_000);
    WeightsHash hash = write(nodes.get(0), bytes);
    Files.write(nodes.get(1).own().file(hash), bytes(200_000 - 1));
    assertArrayEquals(bytes, nodes.get(2).store().read(hash));
  }

  @Test
  void sweep_isDoneOnEveryNode() throws Exception {
    WeightsHash kept = write(nodes.get(0), bytes(1));
    WeightsHash old = write(nodes.get(0), bytes(2));
    WeightsHash young = write(nodes.get(0), bytes(3));
    for (WeightsHash hash : List.of(kept, old)) {
      for (Node node : nodes.subList(0, 2)) {
        Files.setLastModifiedTime(node.own().file(hash), FileTime.from(Instant.now().minusSeconds(3600)));
      }
    }
    assertEquals(Set.of(old), nodes.get(1).store().sweep(Set.of(kept), Duration.ofMinutes(1)));
    for (Node node : nodes.subList(0, 2)) {
      assertTrue(node.own().contains(kept));
      assertFalse(node.own().contains(old));
      assertTrue(node.own().contains(young));
    }
  }
}
