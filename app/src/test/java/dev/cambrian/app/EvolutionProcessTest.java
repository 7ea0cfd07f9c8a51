package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program as processes, with the surrogate in place of training: evolve, ask, interrupt, kill, go on. */
class EvolutionProcessTest {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void install() {
    program = new Program(folder);
  }

  @AfterEach
  void endWhatIsLeft() throws InterruptedException {
    program.close();
  }

  @Test
  void imagesThatDoNotFitIntoTheHeap_areToldInOneSentence() throws Exception {
    try (CrashHarness harness = new CrashHarness(folder, "large", 100).with("--dataset", "shapes").heap(64)) {
      CrashHarness.Run run = harness.evolve("individuals=1");
      assertEquals(1, run.exitCode());
      assertTrue(run.err().matches("cambrian: the heap of \\d+ MiB, which holds all images as bytes, is too small; give it"
          + " more, e\\.g\\. CAMBRIAN_JAVA_OPTIONS=-Xmx\\d+m\\.\\R"), run::toString);
    }
  }

  @Test
  void evolve_streamsProgressAndEndsWithTheBest_andItsFilesAreThere() throws Exception {
    Program.Outcome outcome =
        program.run("evolve", "one", "--engine", "surrogate", "--until", "individuals=60", "--json");
    assertEquals(0, outcome.exitCode(), outcome.err());
    List<ObjectNode> objects = outcome.out().lines().map(Json::parse).toList();
    assertTrue(objects.size() >= 2, outcome.out());
    assertEquals("finished", objects.get(objects.size() - 2).get("state").asText());
    assertEquals(60, objects.get(objects.size() - 2).get("individuals").asLong());
    ObjectNode best = objects.get(objects.size() - 1);
    assertEquals(fields(Json.best(JsonTest.best(java.util.OptionalDouble.of(1)))), fields(best));
    assertTrue(best.get("testAccuracy").isNumber(), best.toString());
    for (String file : List.of("network.json", "genotype.json", "weights.safetensors", "architecture.txt")) {
      assertTrue(Files.size(folder.resolve("home/one/best").resolve(file)) > 0, file);
    }
    assertEquals(folder.resolve("home/one/best/network.json").toString(), best.get("network").asText());

    ObjectNode stored = Json.parse(program.run("best", "one", "--json").out());
    assertEquals(best, stored);
    ObjectNode status = Json.parse(program.run("status", "one", "--json").out());
    assertEquals("finished", status.get("state").asText());
    assertEquals(fields(Json.status(ProgressTextTest.progress())), fields(status));
    assertEquals(best.get("fitness"), status.get("best"));
    assertTrue(program.run("status", "one").out().startsWith("experiment   one, finished at event "));
    assertTrue(program.run("list").out().contains("one "), program.run("list").out());

    Program.Outcome again =
        program.run("evolve", "one", "--engine", "surrogate", "--until", "individuals=60", "--json");
    assertEquals(0, again.exitCode(), again.err());
    assertTrue(again.err().contains("one has reached its end already"), again.err());
    assertEquals(best, Json.parse(again.out()));

    Path picture = folder.resolve("picture.png");
    ImageIO.write(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    Program.Outcome predicted = program.run("predict", "one", picture.toString(), "--json");
    assertEquals(0, predicted.exitCode(), predicted.err());
    assertTrue(predicted.err().contains("is 40x30 and is scaled to the network's 32x32"), predicted.err());
    assertEquals(10, Json.parse(predicted.out()).get("probabilities").size());
  }

  @Test
  void killed_itGoesOn_andNobodyIsLost() throws Exception {
    Process process = program.start("evolve", "two", "--engine", "surrogate", "--until", Program.FOREVER).process();
    ObjectNode live = program.statusOnce("two", 40);
    assertEquals("evolving", live.get("state").asText());
    process.destroyForcibly().waitFor();

    ObjectNode dead = Json.parse(program.run("status", "two", "--json").out());
    assertEquals("stopped", dead.get("state").asText());
    assertTrue(dead.get("event").asLong() >= live.get("event").asLong(), live + " then " + dead);
    assertBooked(dead);

    long target = dead.get("individuals").asLong() + 50;
    Program.Outcome resumed =
        program.run("evolve", "two", "--engine", "surrogate", "--until", "individuals=" + target, "--json");
    assertEquals(0, resumed.exitCode(), resumed.err());
    ObjectNode end = Json.parse(program.run("status", "two", "--json").out());
    assertEquals(target, end.get("individuals").asLong());
    assertEquals(0, end.get("training").asLong());
    assertBooked(end);
    assertTrue(end.get("elapsedSeconds").asDouble() >= dead.get("elapsedSeconds").asDouble());
  }

  @Test
  void interrupted_itStopsCleanly_andSaysHowToGoOn() throws Exception {
    Program.Started evolving = program.start("evolve", "three", "--engine", "surrogate", "--until", Program.FOREVER);
    program.statusOnce("three", 40);
    Program.Outcome second = program.run("evolve", "three", "--engine", "surrogate");
    assertEquals(1, second.exitCode());
    assertEquals("cambrian: three in " + folder.resolve("home") + " is being evolved by process "
        + evolving.process().pid() + "; 'cambrian status three' tells how far it is." + System.lineSeparator(),
        second.err());
    evolving.process().destroy();
    assertTrue(evolving.process().waitFor(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertNotEquals(0, evolving.process().exitValue());
    Program.Outcome outcome = evolving.outcome();
    assertTrue(outcome.out().contains("Stopped three at event "), outcome.out() + outcome.err());
    assertFalse((outcome.out() + outcome.err()).contains("\tat "), outcome.err());
    assertTrue(Files.notExists(folder.resolve("home/three/owner.json")));

    Program.Outcome other = program.run("evolve", "three", "--engine", "surrogate", "--population", "7");
    assertEquals(2, other.exitCode());
    assertTrue(other.err().startsWith("cambrian: three was started with cambrian.evolution.population = 24, but "
        + "--population asks for 7"), other.err());
    Program.Outcome unknown = program.run("status", "four");
    assertEquals("cambrian: there is no experiment 'four' in " + folder.resolve("home") + ": there are three."
        + System.lineSeparator(), unknown.err());
  }

  /** Everybody who was ever conceived is somewhere, once. */
  private static void assertBooked(ObjectNode status) {
    assertEquals(
        status.get("individuals").asLong(),
        status.get("alive").asLong() + status.get("dead").asLong() + status.get("training").asLong()
            + status.get("failed").asLong(),
        status.toString());
  }

  private static List<String> fields(ObjectNode node) {
    List<String> fields = new ArrayList<>();
    for (Iterator<String> names = node.fieldNames(); names.hasNext();) {
      fields.add(names.next());
    }
    return fields;
  }
}
