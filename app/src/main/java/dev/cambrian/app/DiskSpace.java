package dev.cambrian.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Watches the free space of the disk that an experiment is on. LevelDB writes through mapped memory, where a full disk
 * kills the process: evolution has to pause before.
 *
 * @param folder a folder that exists
 * @param minFreeMib what must stay free
 */
record DiskSpace(Path folder, long minFreeMib) {
  private static final long MIB = 1 << 20;

  /** A pause ends only with this much more than the minimum, so that it does not flutter. */
  private static final double ENOUGH = 1.1;

  /** The free space in MiB. */
  long freeMib() throws IOException {
    return Files.getFileStore(folder).getUsableSpace() / MIB;
  }

  /** Whether evolution must pause. */
  boolean scarce() throws IOException {
    return freeMib() < minFreeMib;
  }

  /** Whether evolution that paused may go on. */
  boolean enough() throws IOException {
    return freeMib() >= ENOUGH * minFreeMib;
  }
}
