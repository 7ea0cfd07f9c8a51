package dev.cambrian.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to evolve in an experiment's home, held by one process at a time and gone with it. Its id stands in the
 * lock file. A second LevelDB on the same journal would lose its entities, so this is taken before the journal is
 * touched.
 */
public final class HomeLock implements Closeable {

  /**
   * What a home may hold before it is marked as one: a crash while it was made, a log that began before, the weights'
   * folder that another node of a cluster has opened.
   */
  private static final Set<String> BEFORE_THE_MARK =
      Set.of("lock", "head", "head.tmp", "experiment.tmp", "cambrian.log", "weights");

  /** The locked byte lies beyond the content, so that the content can be read on systems where locks are mandatory. */
  private static final long LOCKED_BYTE = 1L << 40;

  /**
   * What this process holds. It must never open the lock file of one of these again: on POSIX systems closing any of a
   * process's descriptors of a file gives up the process's locks on it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path held;
  private final FileChannel channel;

  private HomeLock(Path held, FileChannel channel) {
    this.held = held;
    this.channel = channel;
  }

  /**
   * Takes the home, and makes it where the directory is missing or empty.
   *
   * @throws UnusableHome where another process holds it, it is read-only, or the directory is something else; nothing
   *     was changed then
   */
  public static HomeLock take(ExperimentHome home) throws UnusableHome {
    Path directory = home.directory();
    requireHomeOrNothing(home);
    Path claimed = null;
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      Path real = directory.toRealPath();
      if (!HELD.add(real)) {
        throw new UnusableHome(directory + " is in use by this very process; stop that experiment first.");
      }
      claimed = real;
      channel = FileChannel.open(
          home.lock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
        String holder = holder(channel).map(pid -> "process " + pid).orElse("another process");
        throw new UnusableHome(directory + " is in use by " + holder + "; stop it first.");
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
      home.make();
      return new HomeLock(claimed, channel);
    } catch (IOException e) {
      close(channel, e);
      if (claimed != null) {
        HELD.remove(claimed);
      }
      if (e instanceof UnusableHome unusable) {
        throw unusable;
      }
      throw new UnusableHome(directory + " cannot be written to (" + e.getMessage()
          + "); make it writable, or choose another --home.", e);
    }
  }

  /** The process that holds a home now; empty where none does. */
  public static Optional<Long> holder(ExperimentHome home) throws IOException {
    if (!Files.exists(home.lock())) {
      return Optional.empty();
    }
    if (HELD.contains(home.directory().toRealPath())) {
      return Optional.of(ProcessHandle.current().pid());
    }
    try (FileChannel channel = FileChannel.open(home.lock(), StandardOpenOption.READ)) {
      FileLock shared = channel.tryLock(LOCKED_BYTE, 1, true);
      return shared == null ? holder(channel) : Optional.empty();
    }
  }

  /** Gives the home back. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      HELD.remove(held);
    }
  }

  private static Optional<Long> holder(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(32);
    channel.read(content, 0);
    String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
    return pid.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(pid)) : Optional.empty();
  }

  private static void requireHomeOrNothing(ExperimentHome home) throws UnusableHome {
    Path directory = home.directory();
    if (ExperimentHome.isHome(directory)) {
      home.requireMark();
    } else if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          if (!BEFORE_THE_MARK.contains(entry.getFileName().toString())) {
            home.requireMark();
          }
        }
      } catch (UnusableHome notOne) {
        throw notOne;
      } catch (IOException e) {
        throw new UnusableHome(directory + " cannot be read: " + e.getMessage() + ".", e);
      }
    } else if (Files.exists(directory)) {
      throw new UnusableHome(directory + " is a file, not an experiment's directory; choose another --home or name.");
    }
    if (Files.isDirectory(directory) && !Files.isWritable(directory)) {
      throw new UnusableHome(directory + " is read-only; make it writable, or choose another --home.");
    }
  }

  private static void close(FileChannel channel, IOException because) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException alsoFailed) {
        because.addSuppressed(alsoFailed);
      }
    }
  }
}
