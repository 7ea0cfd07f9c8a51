package dev.cambrian.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Weights in a folder: one safetensors file each, named by the SHA-256 of its bytes, in subfolders by the first two
 * digits. Several processes may use the folder at once, on several machines where they share it.
 *
 * <p>A file appears whole or not at all: it is written under a temporary name, forced to disk, renamed, and the folder
 * is forced too. The folder is made once, when the store is opened: where it is gone later its disk is not there, and
 * nothing is written in its place or called missing.
 */
public final class FolderWeightStore implements WeightStore {
  private static final String ENDING = ".safetensors";
  private static final String TEMPORARY = ".tmp";

  private final Path folder;
  private final Linker linker;

  /** Subfolders whose own names are known to be on the disk. */
  private final Set<Path> lasting = ConcurrentHashMap.newKeySet();

  /** Gives a file a second name. */
  @FunctionalInterface
  interface Linker {
    void link(Path name, Path file) throws IOException;
  }

  /** The store in a folder, which is made where it is missing. */
  public FolderWeightStore(Path folder) throws IOException {
    this(folder, Files::createLink);
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("the weights' folder " + folder + " is a file; name another folder or move the file", e);
    }
  }

  /** With a way to link; the folder is as it is. */
  FolderWeightStore(Path folder, Linker linker) {
    this.folder = folder;
    this.linker = linker;
  }

  /** The store in a folder that another node makes, perhaps on another machine; until it is there nobody answers. */
  public static FolderWeightStore ofOthers(Path folder) {
    return new FolderWeightStore(folder, Files::createLink);
  }

  @Override
  public void write(WeightsHash hash, byte[] bytes) throws StoreUnreachable {
    try {
      place(hash, bytes);
      Path subfolder = file(hash).getParent();
      force(subfolder);
      if (!lasting.contains(subfolder)) {
        force(folder);
        lasting.add(subfolder);
      }
    } catch (IOException e) {
      throw unreachable("the weights could not be written to " + file(hash), e);
    }
  }

  /** Puts bytes in their place at once; the folders are not forced yet. */
  void place(WeightsHash hash, byte[] bytes) throws IOException {
    Path file = file(hash);
    makeParent(file);
    Path temporary = file.resolveSibling(hash.hex() + "." + UUID.randomUUID() + TEMPORARY);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      synchronized (this) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      }
      // Only now, so that a journalling file system writes bytes and name in one go. A crash before leaves a file whose
      // bytes do not match its name, which nobody has been told of, and which the same weights, put again, replace.
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Only the subfolder: the store's own folder is not made again on whatever is there without its disk. */
  private static void makeParent(Path file) throws IOException {
    try {
      Files.createDirectory(file.getParent());
    } catch (FileAlreadyExistsException there) {
      // As it should be.
    }
  }

  @Override
  public byte[] read(WeightsHash hash) throws WeightsMissing, StoreUnreachable {
    Path file = file(hash);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      requireFolder();
      throw new WeightsMissing("the weights " + file + " are missing", e);
    } catch (IOException e) {
      throw unreachable("the weights " + file + " could not be read", e);
    }
    if (!hash.matches(bytes)) {
      throw new WeightsMissing("the weights " + file + " are damaged: their bytes no longer match their name");
    }
    return bytes;
  }

  /**
   * Part of the bytes of an address as they are, not compared with it: whoever has all of them compares.
   *
   * @param length the most that is read
   * @return the part, which is shorter at the end
   */
  public Part part(WeightsHash hash, long offset, int length) throws WeightsMissing, StoreUnreachable {
    Path file = file(hash);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(length, size - offset)));
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
        continue;
      }
      return new Part(size, Arrays.copyOf(buffer.array(), buffer.position()));
    } catch (NoSuchFileException e) {
      requireFolder();
      throw new WeightsMissing("the weights " + file + " are missing", e);
    } catch (IOException e) {
      throw unreachable("the weights " + file + " could not be read", e);
    }
  }

  /**
   * Part of a file.
   *
   * @param size of the whole file, bytes
   */
  public record Part(long size, byte[] bytes) {}

  @Override
  public boolean contains(WeightsHash hash) throws StoreUnreachable {
    if (Files.exists(file(hash))) {
      return true;
    }
    requireFolder();
    return false;
  }

  private void requireFolder() throws StoreUnreachable {
    if (!Files.isDirectory(folder)) {
      throw new StoreUnreachable("the weights' folder " + folder + " is not there; is its disk mounted?");
    }
  }

  @Override
  public Set<WeightsHash> sweep(Set<WeightsHash> kept, Duration age) throws StoreUnreachable {
    return delete(old(age).stream().filter(hash -> !kept.contains(hash)).toList(), age);
  }

  /** What was written longer than an age ago; what a crash left half-written that long ago is deleted on the way. */
  public List<WeightsHash> old(Duration age) throws StoreUnreachable {
    try {
      Instant before = now().minus(age);
      List<WeightsHash> old = new ArrayList<>();
      for (Path file : files()) {
        String name = file.getFileName().toString();
        if (name.endsWith(TEMPORARY)) {
          deleteOlder(file, before);
        } else if (name.matches("[0-9a-f]{64}" + ENDING) && isOlder(file, before)) {
          old.add(new WeightsHash(name.substring(0, 64)));
        }
      }
      return old;
    } catch (IOException e) {
      throw unreachable("the weights' folder " + folder + " cannot be listed", e);
    }
  }

  /** Deletes of these what was still written longer than an age ago; returns what it deleted. */
  public Set<WeightsHash> delete(Collection<WeightsHash> hashes, Duration age) throws StoreUnreachable {
    Set<WeightsHash> deleted = new HashSet<>();
    if (hashes.isEmpty()) {
      return deleted;
    }
    try {
      Instant before = now().minus(age);
      for (WeightsHash hash : hashes) {
        if (deleteOlder(file(hash), before)) {
          deleted.add(hash);
        }
      }
      return deleted;
    } catch (IOException e) {
      throw unreachable("the weights' folder " + folder + " cannot be swept", e);
    }
  }

  /** By the clock of whoever keeps the folder, which gives files their times: another machine, perhaps. */
  private Instant now() throws IOException {
    Path probe = Files.createFile(folder.resolve("now." + UUID.randomUUID() + TEMPORARY));
    try {
      return Files.getLastModifiedTime(probe).toInstant();
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Where both stores are folders on one disk nothing is copied: a file has two names then, and each store its own. */
  @Override
  public Set<WeightsHash> share(Collection<WeightsHash> hashes, WeightStore with) throws StoreUnreachable {
    if (!(with instanceof FolderWeightStore other)) {
      return WeightStore.super.share(hashes, with);
    }
    Set<WeightsHash> missing = new HashSet<>();
    Set<Path> changed = new HashSet<>();
    try {
      for (WeightsHash hash : hashes) {
        makeParent(other.file(hash));
        if (!linkOrCopy(hash, other)) {
          missing.add(hash);
        }
        changed.add(other.file(hash).getParent());
      }
      for (Path folderOfFiles : changed) {
        force(folderOfFiles);
      }
      force(other.folder);
      return missing;
    } catch (StoreUnreachable e) {
      throw e;
    } catch (IOException e) {
      throw unreachable("the weights in " + folder + " could not be shared with " + other.folder, e);
    }
  }

  /** False where the file is missing; a copy is made only of a sound one. */
  private boolean linkOrCopy(WeightsHash hash, FolderWeightStore other) throws IOException {
    try {
      linker.link(other.file(hash), file(hash));
    } catch (FileAlreadyExistsException shared) {
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | UnsupportedOperationException noLinkPossible) {
      try {
        other.place(hash, read(hash));
      } catch (WeightsMissing e) {
        return false;
      }
    }
    return true;
  }

  /** Every file of the store, in order. */
  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.find(folder, 2, (path, attributes) -> attributes.isRegularFile())) {
      return files.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isOlder(Path file, Instant before) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** One at a time with the renames of {@link #place}: the same weights, put again meanwhile, are young. */
  private synchronized boolean deleteOlder(Path file, Instant before) throws IOException {
    return isOlder(file, before) && Files.deleteIfExists(file);
  }

  /** Where the weights of an address lie, or would lie. */
  public Path file(WeightsHash hash) {
    return folder.resolve(hash.hex().substring(0, 2)).resolve(hash.hex() + ENDING);
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  private StoreUnreachable unreachable(String what, IOException e) {
    if (!Files.isDirectory(folder)) {
      return new StoreUnreachable(what + ": the folder " + folder + " is not there; is its disk mounted?", e);
    }
    return new StoreUnreachable(what + ": " + e.getMessage(), e);
  }

  /** Makes a rename in the folder last. Windows cannot open folders, and keeps renames by itself. */
  private static void force(Path folder) throws IOException {
    if (!System.getProperty("os.name").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
