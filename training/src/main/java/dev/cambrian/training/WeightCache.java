package dev.cambrian.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded folder of weights that lie elsewhere as well. What was used least recently goes first: a file's time is
 * when it was used last, so the order outlives the process. Whatever goes wrong with the cache costs time, nothing
 * else: a damaged file is deleted and fetched again, and a full disk caches nothing.
 */
public final class WeightCache {
  private static final Logger LOG = LoggerFactory.getLogger(WeightCache.class);

  /** So full it is after room was made, as a share of its size: not for every file anew. */
  private static final double AFTER = 0.9;

  private final FolderWeightStore files;
  private final long capacity;
  private long used;
  private boolean complained;

  /** Where weights come from that the cache has not got. */
  @FunctionalInterface
  public interface Source {
    /** The bytes, checked. */
    byte[] read() throws WeightsMissing, StoreUnreachable;
  }

  private record Entry(Path file, long size, FileTime usedLast) {}

  /**
   * The cache in a folder, which is made where it is missing, with what is in it already.
   *
   * @param capacity bytes that it may hold
   */
  public WeightCache(Path folder, long capacity) throws IOException {
    this.files = new FolderWeightStore(folder);
    this.capacity = capacity;
    makeRoom();
  }

  /** The bytes of an address: what is kept here, or what the source has, which is kept from now on. */
  public byte[] read(WeightsHash hash, Source source) throws WeightsMissing, StoreUnreachable {
    Optional<byte[]> near = near(hash);
    if (near.isPresent()) {
      return near.get();
    }
    byte[] bytes = source.read();
    keep(hash, bytes);
    return bytes;
  }

  private Optional<byte[]> near(WeightsHash hash) {
    Path file = files.file(hash);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      byte[] bytes = files.read(hash);
      used(file);
      return Optional.of(bytes);
    } catch (WeightsMissing damaged) {
      LOG.warn("{}; they are fetched again", damaged.getMessage());
      delete(file);
      return Optional.empty();
    } catch (IOException e) {
      complain(e);
      return Optional.empty();
    }
  }

  private static void used(Path file) throws IOException {
    try {
      Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (NoSuchFileException goneMeanwhile) {
      LOG.debug("{} had to make room while it was read", file);
    }
  }

  /** Keeps a copy, where it fits. */
  public void keep(WeightsHash hash, byte[] bytes) {
    if (bytes.length > capacity) {
      return;
    }
    try {
      files.place(hash, bytes);
      added(bytes.length);
    } catch (IOException e) {
      complain(e);
    }
  }

  private synchronized void added(long bytes) throws IOException {
    used += bytes;
    if (used > capacity) {
      makeRoom();
    }
  }

  /** Counts what is there, files of other processes included, and deletes the oldest where it is too much. */
  private synchronized void makeRoom() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : files.files()) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        entries.add(new Entry(file, attributes.size(), attributes.lastModifiedTime()));
      } catch (NoSuchFileException goneMeanwhile) {
        continue;
      }
    }
    used = entries.stream().mapToLong(Entry::size).sum();
    if (used <= capacity) {
      return;
    }
    entries.sort(Comparator.comparing(Entry::usedLast));
    for (Entry entry : entries) {
      if (used <= AFTER * capacity) {
        break;
      }
      delete(entry.file());
      used -= entry.size();
    }
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      complain(e);
    }
  }

  private synchronized void complain(IOException e) {
    if (!complained) {
      complained = true;
      LOG.warn("the cache of weights does not work, so all are fetched from afar: {}", e.toString());
    }
  }
}
