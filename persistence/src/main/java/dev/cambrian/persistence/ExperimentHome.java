package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The directory of one experiment and what lies where in it. {@link HomeLock} makes it and gives it to the process that
 * evolves.
 */
public record ExperimentHome(Path directory) {

  /** The first line of the file that makes a directory a home; the number counts changes of the layout. */
  private static final String MARK = "cambrian experiment ";

  private static final int LAYOUT = 1;

  /** The home at a directory that is one. */
  public static ExperimentHome open(Path directory) throws UnusableHome {
    ExperimentHome home = new ExperimentHome(directory);
    home.requireMark();
    return home;
  }

  /** Whether a directory is an experiment's home. */
  public static boolean isHome(Path directory) {
    return Files.isRegularFile(new ExperimentHome(directory).mark());
  }

  /** LevelDB's directory. */
  public Path journal() {
    return directory.resolve("journal");
  }

  /** Akka's local snapshot store; its name counts changes of the state, so that none of another shape is found. */
  public Path snapshots() {
    return directory.resolve("snapshots-2");
  }

  /** The weights of this experiment, where it does not share a store. */
  public Path weights() {
    return directory.resolve("weights");
  }

  /** The {@link HeadFile}. */
  public Path head() {
    return directory.resolve("head");
  }

  /** Where the server is written down that holds the journal, where that is PostgreSQL. */
  Path postgresql() {
    return directory.resolve("postgresql");
  }

  /** The log of the process that evolves. */
  public Path log() {
    return directory.resolve("cambrian.log");
  }

  Path lock() {
    return directory.resolve("lock");
  }

  private Path mark() {
    return directory.resolve("experiment");
  }

  /**
   * Checks that there is room: LevelDB's process dies on a full disk. The directory need not exist yet.
   *
   * @throws UnusableHome where fewer bytes are free
   */
  public void requireFreeSpace(long bytes) throws UnusableHome {
    long free = freeSpace();
    if (free < bytes) {
      throw new UnusableHome(directory + " has " + free / (1 << 20) + " MiB left on its disk and an experiment needs "
          + (bytes + (1 << 20) - 1) / (1 << 20) + " MiB; free some, or choose another --home.");
    }
  }

  /** Bytes left for this user on the disk that holds the home, or will. */
  public long freeSpace() throws UnusableHome {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      FileStore disk = Files.getFileStore(existing);
      return disk.getUsableSpace();
    } catch (IOException e) {
      throw new UnusableHome("the free space at " + existing + " cannot be read: " + e.getMessage() + ".", e);
    }
  }

  void requireMark() throws UnusableHome {
    String content;
    try {
      content = Files.readString(mark());
    } catch (NoSuchFileException e) {
      throw new UnusableHome(directory + " is not an experiment of Cambrian: it has no file '" + mark().getFileName()
          + "'; choose another --home or name.", e);
    } catch (IOException e) {
      throw new UnusableHome(mark() + " cannot be read: " + e.getMessage() + ".", e);
    }
    if (!content.strip().equals(MARK + LAYOUT)) {
      throw new UnusableHome(mark() + " says '" + content.strip().lines().findFirst().orElse("") + "', not '" + MARK
          + LAYOUT + "': it was made by another version of Cambrian; use that one.");
    }
  }

  /** Makes the directory a home unless it is one; the caller holds its lock. */
  void make() throws IOException {
    if (isHome(directory)) {
      requireMark();
      return;
    }
    if (!Files.exists(head()) && !Files.exists(journal())) {
      HeadFile.create(head(), StreamHead.EMPTY);
    }
    Path temporary = directory.resolve("experiment.tmp");
    Files.writeString(temporary, MARK + LAYOUT + "\n", StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
    Files.move(temporary, mark(), StandardCopyOption.ATOMIC_MOVE);
    Directories.flush(directory);
  }
}
