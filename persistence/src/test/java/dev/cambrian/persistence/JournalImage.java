package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A home's bytes at one instant, as kill -9 would leave them, with what was acknowledged until then.
 *
 * @param files content by path within the home
 */
record JournalImage(Map<String, byte[]> files, Map<String, StreamHead> acknowledged) {

  /** A story in three sittings, so that its journal has tables and a log, taken before the third was closed. */
  static JournalImage ofThreeSittings(Path directory) throws IOException {
    ExperimentHome home = new ExperimentHome(directory);
    HomeLock.take(home).close();
    Map<String, StreamHead> acknowledged = new HashMap<>();
    for (int sitting = 0; sitting < 2; sitting++) {
      try (Story story = Story.openHasty(home)) {
        story.write(1 + 150L * sitting, 150);
        acknowledged.putAll(story.acknowledged());
      }
    }
    try (Story story = Story.openHasty(home)) {
      story.write(301, 100);
      acknowledged.putAll(story.acknowledged());
      return of(home, acknowledged);
    }
  }

  static JournalImage of(ExperimentHome home, Map<String, StreamHead> acknowledged) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(home.directory())) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(home.directory().relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return new JournalImage(files, Map.copyOf(acknowledged));
  }

  StreamHead spine() {
    return acknowledged.get(StreamName.spine(Story.EXPERIMENT));
  }

  /** The journal's files that end so, in order. */
  List<String> journalFiles(String ending) {
    return files.keySet().stream().filter(name -> name.matches("journal/.*" + ending)).toList();
  }

  byte[] file(String name) {
    return files.get(name);
  }

  /** The same image with another content of a file; none deletes it. */
  JournalImage with(String name, byte[] content) {
    Map<String, byte[]> changed = new TreeMap<>(files);
    changed.remove(name);
    if (content != null) {
      changed.put(name, content);
    }
    return new JournalImage(changed, acknowledged);
  }

  /** Puts the image in place of whatever a directory holds. */
  ExperimentHome restore(Path directory) throws IOException {
    Directories.delete(directory);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return new ExperimentHome(directory);
  }

  /** The number of bytes up to the last that is not zero. */
  static int written(byte[] content) {
    int length = content.length;
    while (length > 0 && content[length - 1] == 0) {
      length--;
    }
    return length;
  }
}
