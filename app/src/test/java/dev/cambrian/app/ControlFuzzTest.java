package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.HomeLock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is typed after 'control': done and told, or refused in a sentence, with nothing changed. */
class ControlFuzzTest {
  private static final Pattern EVENT = Pattern.compile("(?m)^(?:Event |.*\"event\":)(\\d+)");

  private static final List<String> WORDS = List.of("set", "set", "set", "reset-weights", "pin", "unpin", "sett",
      "reset", "=", "==", "", " ", "1", "0", "-1", "7", "99999999999999999999", "--json", "--id=c1", "--id=c2", "--id=",
      "--id=a b", "--bogus", "-x", "\u0000", "\ud83d\ude00", "@nobody", "'", "%s%n", "${home}", "x".repeat(5000));
  private static final List<String> KEYS = List.of("population", "steps", "batch", "selection", "keep", "paused",
      "inheritance", "mutations-per-reproduction", "mutation.filter-size", "mutation.add-skip", "popluation", "seed",
      "", "Population", "mutation.", "cambrian.evolution.population", "--population", "\u00e9");
  private static final List<String> VALUES = List.of("5", "200", "-1", "0", "1e400", "NaN", "", " 9 ", "true", "false",
      "random", "tournament", "alive", "2.5", "99999999999999999999", "\u0663", "5\n6", "a=b", "9".repeat(3000));

  @TempDir Path folder;

  @Test
  void fewHundredCommands() throws Exception {
    fuzz(1, 300);
  }

  @Test
  @Tag("long")
  void tenThousandCommands() throws Exception {
    fuzz(2, 10_000);
  }

  private void fuzz(long seed, int commands) throws Exception {
    Path home = folder.resolve("home").resolve("fake");
    HomeLock.take(new ExperimentHome(home)).close();
    FakeExperiment experiment = new FakeExperiment(home);
    Random random = new Random(seed);
    int changes = 0;
    int refusals = 0;
    try (Silence silence = new Silence();
        ControlServer server = ControlServer.bind(home, new Configuration.Http("127.0.0.1", 0, ""))) {
      server.serve(new Routes(ExperimentRoutes.of(experiment, experiment)));
      for (int i = 0; i < commands; i++) {
        List<String> words = words(random);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        long before = experiment.population().head().sequence();
        int exitCode = Cambrian.run(
            new Session(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false, true, folder),
            words.toArray(String[]::new));
        long after = experiment.population().head().sequence();
        String said = words + " -> " + exitCode + "\n" + out.toString(StandardCharsets.UTF_8)
            + err.toString(StandardCharsets.UTF_8);
        assertTrue(exitCode >= 0 && exitCode <= 2, said);
        assertFalse(said.contains("\tat ") || said.contains("unexpectedly") || said.contains("cannot answer"), said);
        assertEquals(exitCode != 0, err.size() > 0, said);
        List<Long> told = EVENT.matcher(out.toString(StandardCharsets.UTF_8)).results()
            .map(found -> Long.parseLong(found.group(1))).filter(event -> event > before).toList();
        List<Long> happened = new ArrayList<>();
        for (long event = before + 1; event <= after; event++) {
          happened.add(event);
        }
        assertEquals(happened, told, said);
        changes += happened.size();
        refusals += exitCode == 0 ? 0 : 1;
      }
      silence.assertKept();
    }
    assertTrue(changes > commands / 50, "only " + changes + " made sense");
    assertTrue(refusals > commands / 3, "only " + refusals + " were refused");
  }

  private static List<String> words(Random random) {
    List<String> words = new ArrayList<>(List.of("control"));
    if (random.nextInt(30) > 0) {
      words.add(random.nextInt(30) == 0 ? pick(WORDS, random) : "fake");
    }
    if (random.nextBoolean()) {
      words.add("set");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      words.add(random.nextInt(3) == 0 ? pick(WORDS, random) : pick(KEYS, random) + "=" + value(random));
    }
    return words;
  }

  /** One that is never another's again, now and then: else nothing would be left to change in the end. */
  private static String value(Random random) {
    return random.nextInt(2) == 0 ? String.valueOf(random.nextInt(1_000_000)) : pick(VALUES, random);
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }
}
