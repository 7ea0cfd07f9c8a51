package dev.cambrian.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSettingsTest {
  private static final ClusterSettings.Tls FILES =
      new ClusterSettings.Tls(Path.of("/ca.crt"), Path.of("/node.crt"), Path.of("/node.key"));

  @TempDir Path folder;

  private static ClusterSettings joining(String... seeds) {
    return new ClusterSettings("a", "here", 1, List.of(seeds), Set.of(NodeRole.WORKER), Duration.ofSeconds(7),
        Optional.of(FILES), Optional.empty(), Optional.empty());
  }

  private static List<String> contacts(ClusterSettings settings, String... known) {
    return settings.contacts(List.of(known)).stream().map(Membership::address).toList();
  }

  @Test
  void withoutSeeds_itBeginsAClusterUnlessItKnowsOthers() {
    assertEquals(List.of("here:1"), contacts(joining()));
    assertEquals(List.of("here:1", "there:2"), contacts(joining(), "there:2", "here:1"));
  }

  @Test
  void asTheFirstSeed_itBeginsACluster_asAnotherItNeverDoes() {
    assertEquals(List.of("here:1", "there:2"), contacts(joining("here:1", "there:2")));
    assertEquals(List.of("there:2", "yonder:3"), contacts(joining("there:2", "here:1"), "yonder:3", "there:2"));
  }

  @Test
  void rolesNameAndFiles_reachAkka() {
    Config akka = joining().akkaConfig();
    assertEquals(List.of("worker", "node:a"), akka.getStringList("akka.cluster.roles"));
    assertEquals(7, akka.getDuration("akka.cluster.split-brain-resolver.stable-after").toSeconds());
    assertEquals("tls-tcp", akka.getString("akka.remote.artery.transport"));
    assertEquals("TLSv1.3", akka.getString("akka.remote.artery.ssl.rotating-keys-engine.protocol"));
  }

  @Test
  void nameThatIsNone_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ClusterSettings("a/b", "here", 1, List.of(), Set.of(),
        Duration.ofSeconds(1), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @Test
  void knownMembers_areRemembered_andWhatIsNoAddressIsLeftOut() throws Exception {
    KnownMembers known = new KnownMembers(folder.resolve("new"));
    assertEquals(List.of(), known.read());
    known.write(List.of("there:2", "yonder:3"));
    assertEquals(List.of("there:2", "yonder:3"), known.read());
    Files.writeString(folder.resolve("new").resolve("members"), "there:2\ntorn");
    assertEquals(List.of("there:2"), known.read());
  }

  @Test
  void membersThatANodeLeft_areRemembered_butNotWaitedFor() {
    KnownMembers known = new KnownMembers(folder);
    assertFalse(known.torn());
    known.write(List.of("there:2"));
    assertTrue(known.torn());
    known.leave();
    assertFalse(known.torn());
    assertEquals(List.of("there:2"), known.read());
    known.write(List.of("yonder:3"));
    assertEquals(List.of("yonder:3"), known.read());
  }

  @Test
  void quorum_isTheLargerPart_orTheHalfWithTheLowestAddress() {
    assertTrue(Quorum.reached("b:1", List.of(), none -> false));
    assertTrue(Quorum.reached("b:1", List.of("a:1", "c:1"), "c:1"::equals));
    assertFalse(Quorum.reached("a:1", List.of("b:1", "c:1"), none -> false));
    assertTrue(Quorum.reached("b:9", List.of("b:10"), none -> false));
    assertFalse(Quorum.reached("b:10", List.of("b:9"), none -> false));
    assertTrue(Quorum.reached("b:1", List.of("c:1", "d:1", "e:1"), "c:1"::equals));
    assertFalse(Quorum.reached("b:1", List.of("a:1", "d:1", "e:1"), "d:1"::equals));
  }
}
