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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Weights in a folder: one safetensors file each, named by the SHA-256 of its bytes, in subfolders by the first two
 * digits. Several processes may use the folder at once.
 *
 * <p>A file appears whole or not at all: it is written under a temporary name, forced to disk, renamed, and the folder
 * is forced too.
 */
public final class FolderWeightStore implements WeightStore {
  private static final String ENDING = ".safetensors";
  private static final String TEMPORARY = ".tmp";

  private final Path folder;

  /** The store in a folder, which is made where it is missing. */
  public FolderWeightStore(Path folder) throws IOException {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("the weights' folder " + folder + " is a file; name another folder or move the file", e);
    }
  }

  @Override
  public WeightsHash put(Weights weights) throws IOException {
    byte[] bytes = SafeTensors.write(weights);
    WeightsHash hash = hash(bytes);
    Path file = file(hash);
    Files.createDirectories(file.getParent());
    Path temporary = file.resolveSibling(hash.hex() + "." + UUID.randomUUID() + TEMPORARY);
    try {
      write(temporary, bytes);
      synchronized (this) {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw new IOException("the weights could not be written to " + file + ": " + e.getMessage(), e);
    }
    force(file.getParent());
    force(folder);
    return hash;
  }

  @Override
  public Weights get(WeightsHash hash) throws IOException {
    Path file = file(hash);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IOException("the weights " + file + " are missing", e);
    }
    if (!hash(bytes).equals(hash)) {
      throw new IOException("the weights " + file + " are damaged: their bytes no longer match their name");
    }
    try {
      return SafeTensors.read(bytes);
    } catch (IllegalArgumentException e) {
      throw new IOException("the weights " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean contains(WeightsHash hash) {
    return Files.exists(file(hash));
  }

  @Override
  public Set<WeightsHash> sweep(Set<WeightsHash> kept, Instant before) throws IOException {
    Set<WeightsHash> swept = new HashSet<>();
    for (Path file : files()) {
      String name = file.getFileName().toString();
      boolean temporary = name.endsWith(TEMPORARY);
      if (!temporary && !name.matches("[0-9a-f]{64}" + ENDING)) {
        continue;
      }
      WeightsHash hash = new WeightsHash(name.substring(0, 64));
      if ((temporary || !kept.contains(hash)) && deleteOlder(file, before) && !temporary) {
        swept.add(hash);
      }
    }
    return swept;
  }

  /**
   * Gives weights to another store as well. No tensor is copied where both lie on one disk: a file has two names then,
   * and is gone when both stores have deleted it.
   *
   * @return what this store does not hold
   */
  public Set<WeightsHash> share(Collection<WeightsHash> hashes, FolderWeightStore with) throws IOException {
    Set<WeightsHash> missing = new HashSet<>();
    Set<Path> changed = new HashSet<>();
    for (WeightsHash hash : hashes) {
      Path folderOfFile = with.file(hash).getParent();
      Files.createDirectories(folderOfFile);
      if (!linkOrCopy(file(hash), with.file(hash))) {
        missing.add(hash);
      }
      changed.add(folderOfFile);
    }
    for (Path folderOfFiles : changed) {
      force(folderOfFiles);
    }
    force(with.folder);
    return missing;
  }

  /** False where the file is missing. */
  private static boolean linkOrCopy(Path file, Path copy) throws IOException {
    try {
      Files.createLink(copy, file);
    } catch (FileAlreadyExistsException shared) {
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | UnsupportedOperationException noLinkPossible) {
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(file);
      } catch (NoSuchFileException e) {
        return false;
      }
      Path temporary = copy.resolveSibling(copy.getFileName() + "." + UUID.randomUUID() + TEMPORARY);
      write(temporary, bytes);
      Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    return true;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.find(folder, 2, (path, attributes) -> attributes.isRegularFile())) {
      return files.sorted().toList();
    } catch (UncheckedIOException e) {
      throw new IOException("the weights' folder " + folder + " cannot be listed: " + e.getCause().getMessage(), e);
    }
  }

  /** One at a time with the renames of {@link #put}: the same weights, put again meanwhile, are young. */
  private synchronized boolean deleteOlder(Path file, Instant before) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(before) && Files.deleteIfExists(file);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Where the weights of an address lie, or would lie. */
  public Path file(WeightsHash hash) {
    return folder.resolve(hash.hex().substring(0, 2)).resolve(hash.hex() + ENDING);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Makes a rename in the folder last. Windows cannot open folders, and keeps renames by itself. */
  private static void force(Path folder) throws IOException {
    if (!System.getProperty("os.name").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static WeightsHash hash(byte[] bytes) {
    try {
      return new WeightsHash(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
