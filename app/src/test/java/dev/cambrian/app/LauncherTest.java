package dev.cambrian.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, on an installation of empty rooms with a java and a mvn that only tell what they are given. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final List<String> ROOMS = List.of("model", "training", "persistence", "actors", "app");

  @TempDir Path temporary;
  private Path root;
  private Path tools;

  @BeforeEach
  void install() throws IOException {
    root = Files.createDirectories(temporary.resolve("a folder/of Cambrian"));
    tools = Files.createDirectories(temporary.resolve("tools"));
    Files.copy(Path.of("..", "cambrian"), root.resolve("cambrian"));
    Files.writeString(root.resolve("pom.xml"), "");
    Files.writeString(root.resolve("application.conf"), "  training {\n    engine = libtorch\n  }\n");
    for (String room : ROOMS) {
      Files.createDirectories(root.resolve(room).resolve("src/main/java"));
      Files.writeString(root.resolve(room).resolve("pom.xml"), "");
    }
    java("17.0.1");
    tool("javac", "exit 0");
    tool("mvn", """
        echo "$@" >>mvn-calls
        for room in %s; do mkdir -p $room/target; echo jar >$room/target/cambrian-$room-0.1.0.jar; done
        printf %%s "$PWD/pom.xml" >app/target/class-path
        for engine in libtorch dl4j; do
          case $* in *training/$engine*) ;; *) continue ;; esac
          mkdir -p training/$engine/target
          echo jar >training/$engine/target/cambrian-training-$engine-0.1.0.jar
          echo jar >$engine.jar
          printf %%s "$PWD/$engine.jar" >training/$engine/target/class-path
        done""".formatted(String.join(" ", ROOMS)));
    for (String tool : List.of(
        "dirname", "readlink", "sed", "head", "find", "cat", "ln", "rm", "mkdir", "cp", "mv", "sleep", "kill")) {
      passOn(tool);
    }
  }

  @Test
  void firstStart_buildsAndRuns_secondOnlyRuns() throws Exception {
    Outcome first = start(root.resolve("cambrian"), "evolve", "two words");
    assertEquals("Building Cambrian (first time, a few minutes)...\n", first.err());
    assertTrue(first.out().contains("<dev.cambrian.app.Cambrian><evolve><two words>"), first.out());
    assertTrue(first.out().contains("<-Dcambrian.install=" + root + ">"), first.out());
    Outcome second = start(root.resolve("cambrian"), "list");
    assertEquals("", second.err());
    assertEquals(List.of(call("app,training/libtorch")), Files.readAllLines(root.resolve("mvn-calls")));
  }

  @Test
  void engineThatIsAskedFor_isFetchedOnce_andNoOther() throws Exception {
    String dl4j = root + "/dl4j.jar";
    assertTrue(start(root.resolve("cambrian"), "evolve", "--engine", "dl4j").out().contains(dl4j));
    assertTrue(start(root.resolve("cambrian"), "evolve", "--engine=dl4j").out().contains(dl4j));
    Outcome other = start(root.resolve("cambrian"), "list");
    assertTrue(other.out().contains(dl4j) && !other.out().contains("/libtorch.jar"), other.out());
    assertEquals(List.of(call("app,training/dl4j")), Files.readAllLines(root.resolve("mvn-calls")));
  }

  @Test
  void secondEngine_isAddedToTheFirst() throws Exception {
    start(root.resolve("cambrian"), "evolve");
    Outcome both = start(root.resolve("cambrian"), "evolve", "--engine", "dl4j");
    assertEquals("Building Cambrian (its sources have changed, or an engine is new)...\n", both.err());
    assertTrue(both.out().contains("/libtorch.jar") && both.out().contains("/dl4j.jar"), both.out());
    assertEquals(List.of(call("app,training/libtorch"), call("app,training/dl4j,training/libtorch")),
        Files.readAllLines(root.resolve("mvn-calls")));
  }

  private static String call(String rooms) {
    return "-q -B -ntp -Dlaunch -DskipTests -pl " + rooms + " -am package";
  }

  @Test
  void changedSource_buildsAgain() throws Exception {
    start(root.resolve("cambrian"));
    Path source = Files.writeString(root.resolve("model/src/main/java/New.java"), "");
    Files.setLastModifiedTime(source, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5000));
    assertEquals("Building Cambrian (its sources have changed, or an engine is new)...\n", start(root.resolve("cambrian")).err());
  }

  @Test
  void libraryThatIsGone_buildsAgain() throws Exception {
    start(root.resolve("cambrian"));
    Files.writeString(root.resolve("app/target/launch/class-path"), root + "/pom.xml:" + root + "/gone.jar");
    start(root.resolve("cambrian"));
    assertEquals(2, Files.readAllLines(root.resolve("mvn-calls")).size());
  }

  @Test
  void throughASymbolicLink_andFromAnotherFolder_findsItsInstallation() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), root.resolve("cambrian"));
    Path linkToLink = Files.createSymbolicLink(tools.resolve("linked"), Path.of("../link"));
    assertTrue(start(linkToLink).out().contains("<-Dcambrian.install=" + root + ">"));
    assertTrue(start(link).out().contains("<-Dcambrian.install=" + root + ">"));
  }

  @Test
  void noJava_oldJava_noMaven_areOneSentence() throws Exception {
    Files.delete(tools.resolve("mvn"));
    assertComplaint("cambrian: there is no mvn on the PATH, which the build needs: "
        + "install Apache Maven, version 3.8 or later.\n");
    java("11.0.2");
    assertComplaint("cambrian: " + tools + "/java is Java 11: install a JDK, version 17 or later.\n");
    Files.delete(tools.resolve("java"));
    assertComplaint("cambrian: there is no java on the PATH: install a JDK, version 17 or later.\n");
  }

  @Test
  void failedBuild_printsMavensWordsAndLeavesNothing() throws Exception {
    tool("mvn", "echo '[ERROR] no such thing'; exit 1");
    assertComplaint("Building Cambrian (first time, a few minutes)...\n[ERROR] no such thing\n"
        + "cambrian: the build failed; Maven's own words stand above.\n");
    try (var left = Files.list(root.resolve("app/target"))) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void twoStartsAtOnce_buildOnce() throws Exception {
    tool("mvn", "sleep 1\n" + Files.readString(tools.resolve("mvn")));
    List<Process> starts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      starts.add(builder(root.resolve("cambrian")).start());
    }
    for (Process process : starts) {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
    }
    assertEquals(1, Files.readAllLines(root.resolve("mvn-calls")).size());
    assertTrue(Files.notExists(root.resolve(".building"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void lockOfABuildThatCrashed_isTakenOver() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    Files.createSymbolicLink(root.resolve(".building"), Path.of("process-" + gone.pid()));
    assertEquals("Building Cambrian (first time, a few minutes)...\n", start(root.resolve("cambrian")).err());
  }

  @Test
  void newJava_isGivenItsFlags() throws Exception {
    java("25");
    assertTrue(start(root.resolve("cambrian")).out()
        .contains("<--enable-native-access=ALL-UNNAMED><--sun-misc-unsafe-memory-access=allow>"));
  }

  private void assertComplaint(String complaint) throws Exception {
    Outcome outcome = start(root.resolve("cambrian"));
    assertEquals(complaint, outcome.err());
    assertEquals(1, outcome.exitCode());
    assertEquals("", outcome.out());
  }

  private void java(String version) throws IOException {
    tool("java", """
        if [ "$1" = -version ]; then echo 'openjdk version "%s" 2025-04-15' >&2; exit 0; fi
        for argument in "$@"; do printf '<%%s>' "$argument"; done""".formatted(version));
  }

  private void tool(String name, String script) throws IOException {
    Path file = tools.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Only what the launcher may use is on its path, and no java or mvn of this machine. */
  private void passOn(String name) throws IOException {
    for (String folder : List.of("/bin", "/usr/bin")) {
      if (Files.isExecutable(Path.of(folder, name))) {
        tool(name, "exec " + folder + "/" + name + " \"$@\"");
      }
    }
  }

  private record Outcome(int exitCode, String out, String err) {}

  private ProcessBuilder builder(Path script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.redirectOutput(Files.createTempFile(temporary, "out", "").toFile());
    builder.redirectError(Files.createTempFile(temporary, "err", "").toFile());
    return builder;
  }

  private Outcome start(Path script, String... arguments) throws Exception {
    ProcessBuilder builder = builder(script, arguments);
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the launcher hangs");
    return new Outcome(
        process.exitValue(),
        Files.readString(builder.redirectOutput().file().toPath()),
        Files.readString(builder.redirectError().file().toPath()));
  }
}
