package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A home that is made under another name, beside its place, and put there when it is whole: a crash leaves nothing half
 * in its place, and what it leaves beside is deleted when the next one is made.
 */
public final class NewHome implements AutoCloseable {
  private static final String BUILDING = ".building-";

  private final Path place;
  private final ExperimentHome home;
  private final HomeLock lock;

  private NewHome(Path place, ExperimentHome home, HomeLock lock) {
    this.place = place;
    this.home = home;
    this.lock = lock;
  }

  /**
   * Begins a home without events.
   *
   * @param place where it is to be
   * @throws UnusableHome where something is there
   */
  public static NewHome begin(Path place) throws IOException {
    requireFree(place);
    Path folder = place.toAbsolutePath().getParent();
    removeOrphans(folder);
    Path building = Files.createTempDirectory(
        folder, "." + place.getFileName() + BUILDING + ProcessHandle.current().pid() + "-");
    try {
      ExperimentHome home = new ExperimentHome(building);
      return new NewHome(place, home, HomeLock.take(home));
    } catch (IOException e) {
      Directories.delete(building);
      throw e;
    }
  }

  /** The home while it is being made; its lock is held. */
  public ExperimentHome home() {
    return home;
  }

  /**
   * Puts it in its place.
   *
   * @throws UnusableHome where something is there by now
   */
  public void finish() throws IOException {
    Directories.flush(home.directory());
    lock.close();
    requireFree(place);
    Files.move(home.directory(), place, StandardCopyOption.ATOMIC_MOVE);
    Directories.flush(place.toAbsolutePath().getParent());
  }

  /** Deletes it where it was not finished. */
  @Override
  public void close() throws IOException {
    lock.close();
    Directories.delete(home.directory());
  }

  private static void requireFree(Path place) throws UnusableHome {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnusableHome(place + " is there already; choose another name.");
    }
  }

  /** Deletes what processes that were killed left. */
  private static void removeOrphans(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, ".*" + BUILDING + "*")) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        String pid = name.substring(name.lastIndexOf(BUILDING) + BUILDING.length()).replaceFirst("-.*", "");
        if (pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          Directories.delete(entry);
        }
      }
    }
  }
}
