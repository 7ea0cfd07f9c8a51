package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that evolve one experiment together; what they leave is audited. */
@DisabledOnOs(OS.WINDOWS)
class ClusterProcessTest {
  private static final Duration HANDED_OUT_AGAIN = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void nodesAreKilledDrainedAndRefused_andTheHistoryStaysWhole() throws Exception {
    try (ClusterHarness cluster = new ClusterHarness(folder)) {
      CrashHarness.Run population = cluster.population("p");
      CrashHarness.Run killed = cluster.worker("killed", "p");
      CrashHarness.Run drained = cluster.worker("drained", "p");
      cluster.untilTraining("p", List.of("killed", "drained"), population, killed, drained);

      killed.kill();
      Instant lost = Instant.now();
      long then = ClusterHarness.individuals(population);
      CrashHarness.Run other = cluster.worker("other", "p", "--config", otherSettings().toString());
      assertEquals(1, other.exitCode());
      assertTrue(other.err().contains("node other is refused by node p: that one has cambrian.training.steps = 150, not"
          + " 151"), other::err);
      ClusterHarness.eventually(() -> cluster.trainings("p", "killed") < 0, population);
      assertTrue(Duration.between(lost, Instant.now()).compareTo(HANDED_OUT_AGAIN) < 0);
      ClusterHarness.eventually(() -> ClusterHarness.individuals(population) > then + 20, population);

      cluster.sendAway("p", "drain", "drained");
      assertEquals(0, drained.exitCode(), drained::toString);
      terminate(population);
      assertEquals(0, population.exitCode(), population::toString);

      CrashAudit audit = cluster.experiment().audit(population);
      assertEquals(0, handedOutAgain(audit, "drained/"), "a drained node finishes what it trains");
      assertTrue(handedOutAgain(audit, "killed/") <= 2);
    }
  }

  /** How many children were taken from workers of such names. */
  private static int handedOutAgain(CrashAudit audit, String workers) {
    return audit.handedOutAgain().entrySet().stream()
        .filter(worker -> worker.getKey().startsWith(workers)).mapToInt(Map.Entry::getValue).sum();
  }

  private Path otherSettings() throws Exception {
    return Files.writeString(folder.resolve("other.conf"), "cambrian.training.steps = 151\n");
  }

  @Test
  void nodesWithCertificatesOfOneAuthority_trustEachOtherAndNobodyElse() throws Exception {
    new Certificates(folder.resolve("certificates")).make(List.of("127.0.0.1"));
    new Certificates(folder.resolve("foreign")).make(List.of("127.0.0.1"));
    try (ClusterHarness cluster = new ClusterHarness(folder)) {
      cluster.configure(tls("certificates"));
      CrashHarness.Run population = cluster.population("p");
      CrashHarness.Run worker = cluster.worker("w", "p");
      ClusterHarness.eventually(() -> ClusterHarness.individuals(population) > 20, population, worker);
      CrashHarness.Run foreign = cluster.worker("foreign", "p", "--config",
          Files.writeString(folder.resolve("foreign.conf"), tls("foreign")).toString());
      assertEquals(1, foreign.exitCode());
      assertTrue(foreign.err().contains("was not signed by the authority in " + folder.resolve("foreign")),
          foreign::err);
      assertFalse(foreign.err().contains("\tat "), foreign::err);
    }
  }

  private static String tls(String from) {
    String files = from + "/127.0.0.1/";
    return "cambrian.cluster.tls { enabled = true, ca = " + files + "ca.crt, certificate = " + files
        + "node.crt, key = " + files + "node.key }\n";
  }

  @Test
  @Tag("long")
  void populationIsKilledAndStartedAgain_whileItsWorkersGoOn() throws Exception {
    try (ClusterHarness cluster = new ClusterHarness(folder)) {
      CrashHarness.Run first = cluster.population("p");
      CrashHarness.Run one = cluster.worker("one", "p");
      CrashHarness.Run two = cluster.worker("two", "p");
      cluster.untilTraining("p", List.of("one", "two"), first, one, two);
      first.kill();
      CrashHarness.Run second = cluster.population("p");
      cluster.untilTraining("p", List.of("one", "two"), second, one, two);
      long then = ClusterHarness.individuals(second);
      ClusterHarness.eventually(() -> ClusterHarness.individuals(second) > then + 20, second);
      assertTrue(one.process().isAlive() && two.process().isAlive());
      terminate(second);
      assertEquals(0, second.exitCode(), second::toString);
      cluster.experiment().audit(first, second);
    }
  }

  @Test
  @Tag("long")
  void nodeThatIsGivenUp_endsByItself_andMayComeBack() throws Exception {
    try (ClusterHarness cluster = new ClusterHarness(folder)) {
      CrashHarness.Run population = cluster.population("p");
      CrashHarness.Run stays = cluster.worker("stays", "p");
      CrashHarness.Run sleeps = cluster.worker("sleeps", "p");
      cluster.untilTraining("p", List.of("stays", "sleeps"), population, stays, sleeps);
      signal("STOP", sleeps);
      ClusterHarness.eventually(() -> cluster.trainings("p", "sleeps") < 0
          && cluster.cluster("p").orElseThrow().size() == 2, population);
      signal("CONT", sleeps);
      assertEquals(UserError.CUT_OFF, sleeps.exitCode(), sleeps::toString);
      assertTrue(sleeps.err().contains("cambrian: node sleeps was cut off from the cluster: "), sleeps::err);
      CrashHarness.Run again = cluster.worker("sleeps", "p");
      ClusterHarness.eventually(() -> cluster.trainings("p", "sleeps") > 0, population, again);
      terminate(population);
      assertEquals(0, population.exitCode(), population::toString);
      cluster.experiment().audit(population);
    }
  }

  private static void terminate(CrashHarness.Run run) {
    run.process().destroy();
  }

  private static void signal(String signal, CrashHarness.Run run) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, String.valueOf(run.process().pid())).start().waitFor());
  }
}
