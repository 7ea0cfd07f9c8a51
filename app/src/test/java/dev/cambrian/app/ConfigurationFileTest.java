package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import dev.cambrian.app.ConfigurationFile.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  @TempDir Path install;

  @Test
  void everyKeyOfTheFileIsReadAndEveryKeyThatIsReadIsInTheFile() {
    Set<String> documented = new HashSet<>();
    Config builtIn = ConfigurationFile.builtIn();
    builtIn.entrySet().stream().map(Map.Entry::getKey)
        .filter(key -> !key.startsWith("cambrian.profiles."))
        .forEach(documented::add);
    assertEquals(new HashSet<>(ConfigurationFile.knownKeys()), documented);
  }

  @Test
  void everyKeyOfTheFileHasACommentAboveIt() throws IOException {
    List<String> bare = new ArrayList<>();
    String[] lines = Files.readString(Path.of("..", "application.conf")).split("\n");
    boolean inWeights = false;
    for (int i = 1; i < lines.length && !lines[i].contains("profiles {"); i++) {
      inWeights = lines[i].contains("mutation-weights {") || inWeights && !lines[i].strip().equals("}");
      if (lines[i].contains(" = ") && !lines[i].strip().startsWith("#") && !inWeights
          && !lines[i - 1].strip().startsWith("#")) {
        bare.add(lines[i]);
      }
    }
    assertEquals(List.of(), bare);
  }

  @Test
  void nothingGiven_theDefaultsOfTheFile() {
    Configuration configuration = load(Map.of());
    assertEquals("shapes", configuration.experiment());
    assertEquals(OptionalInt.empty(), configuration.evolution().workers());
    assertEquals(install.resolve("home").toAbsolutePath(), configuration.home());
    assertEquals("", configuration.data().directory());
    assertEquals(OptionalLong.empty(), configuration.until().individuals());
    assertTrue(configuration.evolution().inheritance());
  }

  @Test
  void commandLineWinsOverProfileAndProfileOverFile() throws IOException {
    write("""
        cambrian.evolution.population = 77
        cambrian.evolution.workers = 3
        cambrian.training.batch = 33
        cambrian.profiles.mine { evolution.population = 88, evolution.workers = 5 }
        """);
    assertEquals(77, load(Map.of()).evolution().population());
    Configuration configuration = load(Map.of(
        "cambrian.profile", new Given("--profile", "mine"),
        "cambrian.evolution.population", new Given("--population", "99")));
    assertEquals(99, configuration.evolution().population());
    assertEquals(OptionalInt.of(5), configuration.evolution().workers());
    assertEquals(33, configuration.training().batch());
  }

  @Test
  void profilePaper_theNumbersOfReal17() {
    Configuration configuration = load(Map.of("cambrian.profile", new Given("--profile", "paper")));
    assertEquals(1000, configuration.evolution().population());
    assertEquals(OptionalInt.of(250), configuration.evolution().workers());
    assertEquals(25_600, configuration.training().steps());
    assertEquals(50, configuration.training().batch());
    assertEquals(0.9, configuration.training().momentum());
    assertEquals(1e-4, configuration.training().weightDecay());
  }

  @Test
  void fileOfConfig_goesBeforeTheInstallation() throws IOException {
    write("cambrian.training { steps = 11, batch = 12 }");
    Path mine = Files.writeString(install.resolve("mine.conf"), "cambrian.training.steps = 22\n");
    Configuration configuration =
        ConfigurationFile.load(install, Optional.of(mine), Map.of()).checked();
    assertEquals(22, configuration.training().steps());
    assertEquals(12, configuration.training().batch());
  }

  @Test
  void pathInAFile_isRelativeToThatFile_pathOfAnOptionToTheWorkingDirectory() throws IOException {
    Path elsewhere = Files.createDirectory(install.resolve("elsewhere"));
    Path mine = Files.writeString(elsewhere.resolve("mine.conf"), "cambrian.home = \"here\"\n");
    assertEquals(
        elsewhere.resolve("here"), ConfigurationFile.load(install, Optional.of(mine), Map.of()).home());
    Map<String, Given> option = Map.of("cambrian.home", new Given("--home", "there"));
    assertEquals(
        Path.of("there").toAbsolutePath(), ConfigurationFile.load(install, Optional.of(mine), option).home());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "cambrian.evolution.populaton = 5 | cambrian.evolution.populaton is no key of Cambrian. "
        + "Did you mean cambrian.evolution.population?",
    "cambrian.training.population = 5 | cambrian.training.population is no key of Cambrian. "
        + "Did you mean cambrian.evolution.population?",
    "cambrian.quux { a = 1 } | cambrian.quux is no key of Cambrian.",
    "cambrain.evolution.population = 5 | cambrain is no key of Cambrian. Did you mean cambrian?",
    "cambrian.profiles.p.evolution.seeed = 5 | profile p: cambrian.evolution.seeed is no key of Cambrian. "
        + "Did you mean cambrian.evolution.seed?",
    "cambrian.profiles.p.home = x | profile p: cambrian.home is no key of Cambrian.",
    "cambrian.until = 5 | cambrian.until is no key of Cambrian.",
  })
  void unknownKey_isRefusedWithFileLineAndGuess(String text, String complaint) throws IOException {
    Path file = write("# a comment\n" + text + "\n");
    String message = assertThrows(UserError.class, () -> load(Map.of())).getMessage();
    assertTrue(message.startsWith(file + ", line 2: " + complaint), message);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "cambrian.evolution.population = 1 | cambrian.evolution.population must be a whole number from 2 to 1000000, "
        + "not 1.",
    "cambrian.evolution.population = many | cambrian.evolution.population must be a whole number from 2 to 1000000, "
        + "not many.",
    "cambrian.evolution.workers = 0 | cambrian.evolution.workers must be a whole number from 1 to 1024, or auto, "
        + "not 0.",
    "cambrian.training.momentum = 1.5 | cambrian.training.momentum must be a number from 0 to 1, not 1.5.",
    "cambrian.training.momentum = NaN | cambrian.training.momentum must be a number from 0 to 1, not NaN.",
    "cambrian.until.fitness = 0 | cambrian.until.fitness must be a number above 0, up to 1, or none, not 0.",
    "cambrian.until.minutes = -3 | cambrian.until.minutes must be a number above 0, or none, not -3.",
    "cambrian.evolution.inheritance = maybe | cambrian.evolution.inheritance must be true or false, not maybe.",
    "cambrian.evolution.selection = turnament | cambrian.evolution.selection must be one of tournament, random, "
        + "not turnament; did you mean tournament?",
    "cambrian.evolution.population = [1, 2] | cambrian.evolution.population must be a whole number from 2 to 1000000, "
        + "not [1,2].",
    "cambrian.training.steps = 99999999999999999999 | cambrian.training.steps must be a whole number from 1 to "
        + "1000000000, not 99999999999999999999.",
  })
  void badValue_isRefusedWithFileLineAndRange(String text, String complaint) throws IOException {
    Path file = write("\n\n" + text + "\n");
    UserError error = assertThrows(UserError.class, () -> load(Map.of()));
    assertEquals(file + ", line 3: " + complaint, error.getMessage());
    assertEquals(UserError.USAGE, error.exitCode());
  }

  @Test
  void fileThatIsNoHocon_isRefusedWithItsLine() throws IOException {
    Path file = write("cambrian {\n  home = \"a\n}\n");
    String message = assertThrows(UserError.class, () -> load(Map.of())).getMessage();
    assertTrue(message.startsWith(file + ", line 2: this is not HOCON: "), message);
  }

  @Test
  void missingFileOfConfig_unknownProfile_dataMissing_areRefused() {
    assertEquals("--config: there is no file " + install.resolve("none.conf") + ".",
        assertThrows(UserError.class,
            () -> ConfigurationFile.load(install, Optional.of(install.resolve("none.conf")), Map.of())).getMessage());
    assertEquals("--profile must be one of paper, not papr.",
        assertThrows(UserError.class,
            () -> load(Map.of("cambrian.profile", new Given("--profile", "papr")))).getMessage());
    assertEquals("--dataset cifar10 needs --data DIR, the folder of its files.",
        assertThrows(UserError.class,
            () -> load(Map.of("cambrian.data.kind", new Given("--dataset", "cifar10")))).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"../up", "a/b", "-x", ".hidden", "'a b'", "''", "ä"})
  void nameThatIsNoFoldersName_isRefused(String name) {
    assertThrows(UserError.class, () -> ConfigurationFile.checkedName("NAME", name));
  }

  @Test
  void optionFor_tellsWhatTheCommandLineDecides() {
    ConfigurationFile file = ConfigurationFile.load(install, Optional.empty(), Map.of(
        "cambrian.profile", new Given("--profile", "paper"), "cambrian.training.batch", new Given("--batch", "7")));
    assertEquals(Optional.of("--profile paper"), file.optionFor("cambrian.evolution.population"));
    assertEquals(Optional.of("--batch"), file.optionFor("cambrian.training.batch"));
    assertEquals(Optional.empty(), file.optionFor("cambrian.evolution.seed"));
  }

  @Test
  void until_namesWhatCountsAndTheRestDoesNot() {
    Configuration configuration = load(UntilOption.parsed("individuals=5,fitness=0.9"));
    assertEquals(OptionalLong.of(5), configuration.until().individuals());
    assertEquals(OptionalDouble.of(0.9), configuration.until().fitness());
    assertEquals(OptionalDouble.empty(), configuration.until().minutes());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "minuts=5 | --until must be conditions like individuals=100,minutes=5,fitness=0.9,flops=1e15, not 'minuts=5'. "
        + "Did you mean minutes?",
    "5 | --until must be conditions like individuals=100,minutes=5,fitness=0.9,flops=1e15, not '5'.",
    "minutes=-1 | --until minutes must be a number above 0, or none, not -1.",
    "individuals=many | --until individuals must be a whole number from 1 to 1000000000000, or none, not many.",
  })
  void untilThatMakesNoSense_isRefused(String text, String complaint) {
    assertEquals(complaint,
        assertThrows(UserError.class, () -> load(UntilOption.parsed(text))).getMessage());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "none", value = {
    "127.0.0.1 | none | none",
    "localhost | none | none",
    "::1       | none | none",
    "0.0.0.0   | a-secret-of-sixteen | none",
    "127.0.0.1 | short | cambrian.http.token must be at least 16 letters, digits or signs without a space, or empty "
        + "for a random one.",
    "0.0.0.0   | short | cambrian.http.token must be at least 16 letters, digits or signs without a space, or empty "
        + "for a random one.",
    "0.0.0.0   | none  | cambrian.http.host is 0.0.0.0, which other machines reach: that needs a cambrian.http.token "
        + "of at least 16 characters, here or in CAMBRIAN_HTTP_TOKEN.",
    "not a host | none | cambrian.http.host must be a name or an address of this machine, not not a host.",
  })
  void whoeverIsReachedFromElsewhere_needsASecret(String host, String token, String complaint) throws IOException {
    Path file = write("cambrian.http { host = \"" + host + "\", port = 0"
        + (token == null ? "" : ", token = \"" + token + "\"") + " }\n");
    if (complaint == null) {
      assertEquals(new Configuration.Http(host, 0, token == null ? "" : token), load(Map.of()).http());
    } else {
      assertEquals(file + ", line 1: " + complaint, assertThrows(UserError.class, () -> load(Map.of())).getMessage());
    }
  }

  private Path write(String text) throws IOException {
    return Files.writeString(install.resolve("application.conf"), text);
  }

  private Configuration load(Map<String, Given> options) {
    return ConfigurationFile.load(install, Optional.empty(), options).checked();
  }
}
