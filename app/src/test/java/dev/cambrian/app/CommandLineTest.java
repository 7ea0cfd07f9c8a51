package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line accepts, and what it says where it does not. */
class CommandLineTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "evolve --population -5 | --population must be a whole number from 2 to 1000000, not -5.",
    "evolve --population 0 | --population must be a whole number from 2 to 1000000, not 0.",
    "evolve --population 1e3 | --population must be a whole number from 2 to 1000000, not 1e3.",
    "evolve --workers 0 | --workers must be a whole number from 1 to 1024, or auto, not 0.",
    "evolve --workers 99999 | --workers must be a whole number from 1 to 1024, or auto, not 99999.",
    "evolve --steps 0 | --steps must be a whole number from 1 to 1000000000, not 0.",
    "evolve --batch -1 | --batch must be a whole number from 1 to 65536, not -1.",
    "evolve --seed x | --seed must be a whole number, not x.",
    "evolve --mutations-per-reproduction 0 | --mutations-per-reproduction must be a whole number from 1 to 1000, "
        + "not 0.",
    "evolve --selection best | --selection must be one of tournament, random, not best.",
    "evolve --dataset cifar | --dataset must be one of shapes, cifar10, cifar100, idx, folder, not cifar; "
        + "did you mean cifar10?",
    "evolve --dataset mnist --data x | --dataset must be one of shapes, cifar10, cifar100, idx, folder, not mnist.",
    "evolve --dataset idx | --dataset idx needs --data DIR, the folder of its files.",
    "evolve --data x | --data must be empty for the generated data set shapes, not x.",
    "evolve --engine torch | --engine must be one of libtorch, dl4j, surrogate, not torch.",
    "evolve --precision fp16 | --precision must be one of fp32, bf16, not fp16",
    "evolve --until fitness=2 | --until fitness must be a number above 0, up to 1, or none, not 2.",
    "evolve --until flops=0 | --until flops must be a number above 0, or none, not 0.",
    "evolve --profile nature | --profile must be one of paper, not nature.",
    "evolve ../up | NAME must be letters, digits, '-', '_' and '.', beginning with a letter or a digit, "
        + "at most 64 of them, not '../up'.",
    "evolve --config none.conf | --config: there is no file ",
    "evolve one two | Unmatched argument at index 2: 'two'.",
    "evolve --popluation 5 | Unknown option: '--popluation'",
    "evolve --population | Missing required parameter for option '--population' (N).",
    "status | Missing required parameter: 'NAME'.",
    "control some | Missing required parameter: 'CHANGE'.",
    "control some set | set needs KEY=VALUE; the keys are mutations-per-reproduction, population, ",
    "control some popluation=5 | 'popluation' cannot be set; did you mean population?",
    "control some set steps | steps needs its new value: steps=VALUE.",
    "control some set x | a setting is changed with KEY=VALUE, not with 'x'.",
    "control some rest-weights | 'rest-weights' is no change: there are set KEY=VALUE, reset-weights, pin [EVENT] and "
        + "unpin EVENT. Did you mean reset-weights?",
    "control some reset-weights now | reset-weights stands alone, without 'now'.",
    "control some unpin | unpin needs the number of one event, not nothing.",
    "control some pin 0 | pin needs the number of one event, not '0'.",
    "control some paused=true --id a/b | --id must be 1 to 64 letters, digits, '.', '_', ':' and '-'.",
    "query | Missing required parameters: 'NAME', 'SQL'.",
    "query some | Missing required parameter: 'SQL'.",
    "query some x --out y.txt | --out must be a file that ends in .csv or .parquet, not y.txt.",
    "predict some | Missing required parameter: 'IMAGE'.",
    "evlove | Unmatched argument at index 0: 'evlove'.",
    "replay | Missing required parameter: 'NAME'.",
    "replay some --speed fast | --speed must be a number above 0 (1 is as fast as it was), or max, not fast.",
    "replay some --speed 0 | --speed must be a number above 0 (1 is as fast as it was), or max, not 0.",
    "replay some --verify --from 3 | --verify is about the whole history; leave out --from, --to, --speed and "
        + "--summary.",
    "replay some --summary --speed 2 | --summary is told at once; leave out --speed.",
    "show some 12 | after NAME stands nothing, or 'individual' and its number, like 'individual 12', not '12'.",
    "show some individual x | after NAME stands nothing, or 'individual' and its number, like 'individual 12', "
        + "not 'individual x'.",
    "lineage some | Missing required parameter: 'ID'.",
    "lineage some 0 | ID must be an individual's number, or best, not 0.",
    "lineage some 3 --format png | --format must be one of text, json, dot, svg, not png",
    "lineage some 3 --format jsn | --format must be one of text, json, dot, svg, not jsn; did you mean json?",
  })
  void whatMakesNoSense_isOneSentenceAndUsage(String arguments, String complaint) throws IOException {
    assertEquals(UserError.USAGE, run(arguments.split(" ")));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.startsWith("cambrian: " + complaint), said);
    assertFalse(said.contains("\tat "), said);
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    assertUnchanged();
  }

  @Test
  void typingErrorInACommand_isGuessed() {
    run("evlove");
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("evolve"), err.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "status mine", "best mine", "predict mine x.png", "replay mine", "replay mine --verify", "show mine --at 3",
    "lineage mine 3", "control mine reset-weights", "query mine x"
  })
  void unknownExperiment_isRefusedWithThoseThatThereAre(String command) throws IOException {
    assertEquals(UserError.FAILED, run(command.split(" ")));
    assertEquals("cambrian: there is no experiment 'mine' in " + folder.resolve("home") + ": there are none yet."
        + System.lineSeparator(), err.toString(StandardCharsets.UTF_8));
    assertUnchanged();
  }

  @Test
  void list_ofNothing_saysSo_andIsEmptyAsJson() {
    assertEquals(0, run("list"));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("'cambrian evolve' starts one"));
    out.reset();
    assertEquals(0, run("list", "--json"));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "evolve --help", "status --help", "best --help", "list --help", "predict --help",
      "control --help", "query --help", "replay --help", "show --help", "lineage --help", "fork --help"})
  void help_fitsAnOrdinaryTerminalAndNamesEveryOption(String arguments) {
    assertEquals(0, run(arguments.split(" ")));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertTrue(lines.stream().allMatch(line -> line.length() <= 100), String.join("\n", lines));
    if (arguments.startsWith("evolve")) {
      for (String option : List.of("--dataset", "--data", "--population", "--workers", "--steps", "--batch", "--seed",
          "--mutations-per-reproduction", "--no-inheritance", "--selection", "--until", "--home", "--json", "--verbose",
          "--accept-loss", "--profile", "--engine", "--precision", "--config")) {
        assertTrue(lines.stream().anyMatch(line -> line.contains(option)), option);
      }
    }
  }

  @Test
  void homeThatIsAFile_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertEquals(UserError.FAILED, run("evolve", "--home", file.toString(), "--engine", "surrogate"));
    String said = err.toString(StandardCharsets.UTF_8);
    assertTrue(said.startsWith("cambrian: ") && said.contains(file.toString()) && !said.contains("\tat "), said);
  }

  @Test
  void dataThatIsMissing_isRefusedAndNothingIsMade() throws IOException {
    assertEquals(UserError.FAILED,
        run("evolve", "--dataset", "cifar10", "--data", folder.resolve("none").toString()));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains(folder.resolve("none").toString()));
    assertUnchanged();
  }

  @Test
  void diskThatIsNearlyFull_isRefusedAndNothingIsMade() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.conf"), "cambrian.storage.min-free = 2000000000\n");
    assertEquals(UserError.FAILED, run("evolve", "--config", file.toString(), "--engine", "surrogate"));
    assertTrue(err.toString(StandardCharsets.UTF_8).contains("MiB"), err.toString(StandardCharsets.UTF_8));
    Files.delete(file);
    assertUnchanged();
  }

  private void assertUnchanged() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private int run(String... arguments) {
    return Cambrian.run(
        new Session(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
            false, true, folder),
        arguments);
  }
}
