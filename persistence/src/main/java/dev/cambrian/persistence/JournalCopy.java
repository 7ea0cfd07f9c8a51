package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;

/**
 * A journal as LevelDB would read it, without touching it: LevelDB changes a directory by opening it, so it opens a
 * copy (tables, which never change, as hard links where the disk has them). Gone when closed.
 *
 * <p>Another process may be writing the journal meanwhile. Its manifest is copied first, then the logs, then the tables
 * that the manifest names, so the copy holds all that was on disk before it was begun, or lacks a file that was deleted
 * in between: its files tell which, before LevelDB opens them. Other tables must not be linked: they may still be
 * written, and LevelDB, which does not know their numbers, may give these to tables of its own and write through the
 * links.
 */
final class JournalCopy implements AutoCloseable {
  private static final String PREFIX = "journal.copy-";

  /** No stream takes less of the disk: each has a record, and in it a hash. */
  private static final int LEAST_BYTES_OF_STREAM = 50;

  private final Path directory;
  private final DB leveldb;
  private final long bytes;

  private JournalCopy(Path directory, DB leveldb, long bytes) {
    this.directory = directory;
    this.leveldb = leveldb;
    this.bytes = bytes;
  }

  /** What is found in a journal, in the order of its keys: a stream's counter before its records, from 1. */
  interface Visitor {
    void counter(int stream, long last);

    void record(int stream, long sequence, byte[] message);

    /** The stream holds more, but LevelDB cannot read it. */
    void unreadable(int stream);
  }

  /** Is given the number and the name of one stream after the other; false where it wants no more. */
  interface Names {
    boolean named(int stream, String name);
  }

  /** Looks at copied files before LevelDB opens, and so changes, them. */
  interface Inspection {
    void copied(Path directory) throws IOException;
  }

  /**
   * Copies and opens a journal that nobody writes.
   *
   * @param repair whether LevelDB gathers anew what its files hold, because it cannot open them as they are
   */
  static JournalCopy open(ExperimentHome home, boolean repair) throws IOException {
    return open(home, repair, copy -> {
      if (repair) {
        JniDBFactory.factory.repair(copy.toFile(), new Options().paranoidChecks(true));
      }
    });
  }

  /** Copies a journal and opens the copy, unless its inspection throws. */
  static JournalCopy open(ExperimentHome home, Inspection inspection) throws IOException {
    return open(home, false, inspection);
  }

  private static JournalCopy open(ExperimentHome home, boolean allTables, Inspection inspection) throws IOException {
    removeOrphans(home);
    Path copy = temporary(home);
    try {
      long bytes = copyFiles(home.journal(), copy, allTables);
      inspection.copied(copy);
      DB leveldb = JniDBFactory.factory.open(copy.toFile(), new Options().createIfMissing(false));
      return new JournalCopy(copy, leveldb, bytes);
    } catch (IOException | RuntimeException e) {
      Directories.delete(copy);
      throw e;
    }
  }

  /** The names of the streams by their numbers. */
  SortedMap<Integer, String> names() {
    SortedMap<Integer, String> names = new TreeMap<>();
    try {
      names((stream, name) -> {
        names.put(stream, name);
        return true;
      });
    } catch (IOException | RuntimeException damaged) {
      // The records name their streams, too.
    }
    return names;
  }

  /** Gives the names of the streams in the order of their numbers. */
  void names(Names sink) throws IOException {
    try (DBIterator entries = iterator()) {
      entries.seek(JournalKey.name(JournalKey.FIRST_STREAM).bytes());
      while (entries.hasNext()) {
        Map.Entry<byte[], byte[]> entry = entries.next();
        JournalKey key = JournalKey.of(entry.getKey());
        if (!key.isName() || !sink.named(key.named(), new String(entry.getValue(), StandardCharsets.UTF_8))) {
          break;
        }
      }
    }
  }

  /** The value of a key; empty where there is none. */
  Optional<byte[]> get(JournalKey key) {
    return Optional.ofNullable(leveldb.get(key.bytes(), new ReadOptions().verifyChecksums(true)));
  }

  /** The number of a stream's last record; 0 where it has none. */
  long last(int stream) {
    return get(JournalKey.counter(stream))
        .filter(value -> value.length == Long.BYTES)
        .map(value -> ByteBuffer.wrap(value).getLong())
        .orElse(0L);
  }

  /** Visits the streams from one number to another, both included. */
  void visit(int first, int last, Visitor visitor) throws IOException {
    visit(JournalKey.counter(first), JournalKey.record(last, Long.MAX_VALUE), visitor);
  }

  /** Visits what lies from one key to another, both included. */
  void visit(JournalKey first, JournalKey last, Visitor visitor) throws IOException {
    JournalKey from = first;
    Walk walk = new Walk(last, visitor);
    while (!from.after(last) && !walk.swiftly(from)) {
      walk.carefully();
      visitor.unreadable(walk.at.stream());
      from = JournalKey.counter(walk.at.stream() + 1);
    }
  }

  /**
   * One way through a journal. LevelDB's iterators stay at an error for ever, and the swift way to read them loses the
   * entry before an error; so the last entries before one are fetched by a second, careful iterator.
   */
  private final class Walk {
    private final JournalKey last;
    private final Visitor visitor;

    /** The key that was visited last; before the first, the one to begin at. */
    private JournalKey at;

    private boolean visited;

    Walk(JournalKey last, Visitor visitor) {
      this.last = last;
      this.visitor = visitor;
    }

    /** Visits all from a key on; false where an error lies in the way. */
    boolean swiftly(JournalKey from) throws IOException {
      at = from;
      visited = false;
      try (DBIterator entries = iterator()) {
        Map.Entry<byte[], byte[]> entry;
        do {
          try {
            if (!visited) {
              entries.seek(from.bytes());
            }
            if (!entries.hasNext()) {
              return true;
            }
            entry = entries.next();
          } catch (RuntimeException damaged) {
            return false;
          }
        } while (visit(entry));
        return true;
      }
    }

    /** Goes on after the key that was visited last, up to the error. */
    void carefully() throws IOException {
      JournalKey from = at;
      boolean skip = visited;
      try (DBIterator entries = iterator()) {
        Map.Entry<byte[], byte[]> entry;
        boolean moved = false;
        do {
          try {
            if (!moved) {
              entries.seek(from.bytes());
            }
            if (moved || skip) {
              entries.next();
            }
            if (!entries.hasNext()) {
              return;
            }
            moved = true;
            entry = entries.peekNext();
          } catch (RuntimeException damaged) {
            return;
          }
        } while (visit(entry));
      }
    }

    /** False where the entry lies behind the last key. */
    private boolean visit(Map.Entry<byte[], byte[]> entry) {
      JournalKey key = JournalKey.of(entry.getKey());
      byte[] value = entry.getValue();
      if (key.after(last)) {
        return false;
      }
      at = key;
      visited = true;
      if (key.isCounter() && value.length == Long.BYTES) {
        visitor.counter(key.stream(), ByteBuffer.wrap(value).getLong());
      } else if (key.isRecord()) {
        visitor.record(key.stream(), key.sequence(), value);
      }
      return true;
    }
  }

  /** A number that no stream's exceeds; 0 in an empty journal. */
  int lastStream() throws IOException {
    try (DBIterator entries = iterator()) {
      entries.seekToLast();
      return entries.hasNext() ? JournalKey.of(entries.peekNext().getKey()).stream() : 0;
    } catch (RuntimeException damaged) {
      return JournalKey.FIRST_STREAM + (int) Math.min(bytes / LEAST_BYTES_OF_STREAM, 1 << 30);
    }
  }

  @Override
  public void close() throws IOException {
    leveldb.close();
    Directories.delete(directory);
  }

  private DBIterator iterator() {
    return leveldb.iterator(new ReadOptions().verifyChecksums(true).fillCache(false));
  }

  /** Copies the manifest, then the logs and tables; the number of bytes that were copied or linked. */
  private static long copyFiles(Path from, Path to, boolean allTables) throws IOException {
    long bytes = copyFiles(from, to, name -> name.matches("CURRENT|MANIFEST-\\d+"), Files::copy);
    bytes += copyFiles(from, to, name -> name.matches("\\d+\\.log"), Files::copy);
    Set<Long> named = allTables ? Set.of() : namedTables(to);
    Predicate<String> wanted = name ->
        name.matches("\\d{1,18}\\.(sst|ldb)") && (allTables || named.contains(Long.parseLong(name.split("\\.")[0])));
    return bytes + copyFiles(from, to, wanted, JournalCopy::linkOrCopy);
  }

  /** The tables that a copied manifest names; none where there is no manifest, and LevelDB opens nothing. */
  private static Set<Long> namedTables(Path copy) throws IOException {
    Path current = copy.resolve("CURRENT");
    String name = Files.exists(current) ? Files.readString(current, StandardCharsets.ISO_8859_1).strip() : "";
    return name.matches("MANIFEST-\\d+") && Files.exists(copy.resolve(name))
        ? LevelDbManifest.of(Files.readAllBytes(copy.resolve(name))).tables().keySet() : Set.of();
  }

  private interface Copying {
    void copy(Path file, Path to) throws IOException;
  }

  private static long copyFiles(Path from, Path to, Predicate<String> names, Copying copying) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(
        from, file -> names.test(file.getFileName().toString()))) {
      for (Path file : files) {
        Path copy = to.resolve(file.getFileName());
        try {
          copying.copy(file, copy);
          bytes += Files.size(copy);
        } catch (NoSuchFileException deletedMeanwhile) {
          // Where the manifest needs it, whoever looks at the copied files finds it missing.
        }
      }
    }
    return bytes;
  }

  /** Gives a file that never changes a second name; where the disk has no links, copies it. */
  static void linkOrCopy(Path file, Path copy) throws IOException {
    try {
      Files.createLink(copy, file);
    } catch (NoSuchFileException deletedMeanwhile) {
      throw deletedMeanwhile;
    } catch (IOException | UnsupportedOperationException noLinksHere) {
      Files.copy(file, copy);
    }
  }

  /** Beside the journal, for the links' sake; elsewhere where the home cannot be written to. */
  private static Path temporary(ExperimentHome home) throws IOException {
    String prefix = PREFIX + ProcessHandle.current().pid() + "-";
    try {
      return Files.createTempDirectory(home.directory(), prefix);
    } catch (IOException readOnly) {
      return Files.createTempDirectory("cambrian-" + prefix);
    }
  }

  /** Deletes the copies of processes that were killed. */
  private static void removeOrphans(ExperimentHome home) throws IOException {
    try (DirectoryStream<Path> copies = Files.newDirectoryStream(home.directory(), PREFIX + "*")) {
      for (Path copy : copies) {
        long pid = Long.parseLong(copy.getFileName().toString().split("-")[1]);
        if (ProcessHandle.of(pid).isEmpty() && Files.isWritable(home.directory())) {
          Directories.delete(copy);
        }
      }
    }
  }
}
