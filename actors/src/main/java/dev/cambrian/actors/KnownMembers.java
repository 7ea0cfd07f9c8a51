package dev.cambrian.actors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other members of a node's cluster, on its disk: whoever begins a cluster and is killed finds the others by it,
 * instead of beginning another one.
 */
final class KnownMembers {
  private static final Logger LOG = LoggerFactory.getLogger(KnownMembers.class);
  private final Path file;
  private final Path left;

  /** Kept in this folder, which need not exist. */
  KnownMembers(Path folder) {
    this.file = folder.resolve("members");
    this.left = folder.resolve("members-when-it-left");
  }

  /** Where they stand. */
  Path file() {
    return file;
  }

  /** Those that were written last, as {@code HOST:PORT}; none where that cannot be known. */
  List<String> read() {
    return read(Files.exists(file) ? file : left);
  }

  /** Whether this node did not leave them: it was killed, or cut off. */
  boolean torn() {
    return Files.exists(file);
  }

  /** It has left them. */
  void leave() {
    try {
      if (Files.exists(file)) {
        Files.move(file, left, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be moved", file, e);
    }
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file).stream().filter(line -> line.matches("\\S+:\\d{1,5}")).toList();
    } catch (NoSuchFileException first) {
      return List.of();
    } catch (IOException e) {
      LOG.warn("{} cannot be read, so only the configured nodes are asked", file, e);
      return List.of();
    }
  }

  /** Writes them. */
  void write(Collection<String> addresses) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), "members", ".tmp");
      Files.write(temporary, addresses);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("{} cannot be written", file, e);
    }
  }
}
