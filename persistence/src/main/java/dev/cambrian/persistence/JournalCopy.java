package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.ReadOptions;

/**
 * A journal as LevelDB would read it, without touching it: LevelDB changes a directory by opening it, so it opens a copy
 * (tables, which never change, as hard links where the disk has them). Gone when closed.
 */
final class JournalCopy implements AutoCloseable {
  private static final String PREFIX = "journal.copy-";

  /** How many streams are looked for where their names and the journal's end are both damaged. */
  private static final int MANY_STREAMS = 100_000;

  private final Path directory;
  private final DB leveldb;

  private JournalCopy(Path directory, DB leveldb) {
    this.directory = directory;
    this.leveldb = leveldb;
  }

  /** What is found in a journal, in the order of its keys: a stream's counter before its records, from 1. */
  interface Visitor {
    void counter(int stream, long last);

    void record(int stream, long sequence, byte[] message);

    /** The stream holds more, but LevelDB cannot read it. */
    void unreadable(int stream);
  }

  /**
   * Copies and opens a journal.
   *
   * @param repair whether LevelDB gathers anew what its files hold, because it cannot open them as they are
   */
  static JournalCopy open(ExperimentHome home, boolean repair) throws IOException {
    removeOrphans(home);
    Path copy = temporary(home);
    try {
      copyFiles(home.journal(), copy);
      if (repair) {
        JniDBFactory.factory.repair(copy.toFile(), new Options().paranoidChecks(true));
      }
      return new JournalCopy(copy, JniDBFactory.factory.open(copy.toFile(), new Options().createIfMissing(false)));
    } catch (IOException | RuntimeException e) {
      Directories.delete(copy);
      throw e;
    }
  }

  /** The names of the streams by their numbers. */
  SortedMap<Integer, String> names() {
    SortedMap<Integer, String> names = new TreeMap<>();
    try (DBIterator entries = iterator()) {
      entries.seek(JournalKey.name(JournalKey.FIRST_STREAM).bytes());
      while (entries.hasNext()) {
        Map.Entry<byte[], byte[]> entry = entries.peekNext();
        JournalKey key = JournalKey.of(entry.getKey());
        if (!key.isName()) {
          break;
        }
        names.put(key.named(), new String(entry.getValue(), StandardCharsets.UTF_8));
        entries.next();
      }
    } catch (IOException | RuntimeException damaged) {
      // The records name their streams, too.
    }
    return names;
  }

  /** Visits the streams from one number to another, both included. */
  void visit(int first, int last, Visitor visitor) throws IOException {
    int next = first;
    while (next <= last) {
      Optional<Integer> unreadable = visitUntilUnreadable(next, last, visitor);
      if (unreadable.isEmpty()) {
        return;
      }
      visitor.unreadable(unreadable.get());
      next = unreadable.get() + 1;
    }
  }

  /** The stream in which LevelDB's reading ended; its iterators stay at an error for ever, so a new one must go on. */
  private Optional<Integer> visitUntilUnreadable(int first, int last, Visitor visitor) throws IOException {
    int at = first;
    try (DBIterator entries = iterator()) {
      for (seek(entries, JournalKey.counter(first)); entries.hasNext(); next(entries)) {
        Map.Entry<byte[], byte[]> entry = peek(entries);
        JournalKey key = JournalKey.of(entry.getKey());
        if (key.stream() > last) {
          break;
        }
        at = key.stream();
        if (key.isCounter() && entry.getValue().length == Long.BYTES) {
          visitor.counter(at, ByteBuffer.wrap(entry.getValue()).getLong());
        } else if (key.isRecord()) {
          visitor.record(at, key.sequence(), entry.getValue());
        }
      }
      return Optional.empty();
    } catch (DamagedBlock damaged) {
      return Optional.of(at);
    }
  }

  /** A number that no stream's exceeds; 0 in an empty journal. */
  int lastStream() throws IOException {
    try (DBIterator entries = iterator()) {
      entries.seekToLast();
      return entries.hasNext() ? JournalKey.of(entries.peekNext().getKey()).stream() : 0;
    } catch (RuntimeException damaged) {
      SortedMap<Integer, String> names = names();
      return Math.max(JournalKey.FIRST_STREAM + MANY_STREAMS, names.isEmpty() ? 0 : names.lastKey());
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

  /** LevelDB met something that it cannot read. */
  private static final class DamagedBlock extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedBlock(RuntimeException cause) {
      super(cause);
    }
  }

  private static void seek(DBIterator entries, JournalKey key) {
    try {
      entries.seek(key.bytes());
    } catch (RuntimeException e) {
      throw new DamagedBlock(e);
    }
  }

  private static Map.Entry<byte[], byte[]> peek(DBIterator entries) {
    try {
      return entries.peekNext();
    } catch (RuntimeException e) {
      throw new DamagedBlock(e);
    }
  }

  private static void next(DBIterator entries) {
    try {
      entries.next();
    } catch (RuntimeException e) {
      throw new DamagedBlock(e);
    }
  }

  private static void copyFiles(Path from, Path to) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.matches("\\d+\\.(sst|ldb)")) {
          linkOrCopy(file, to.resolve(name));
        } else if (name.matches("\\d+\\.log|CURRENT|MANIFEST-\\d+")) {
          Files.copy(file, to.resolve(name));
        }
      }
    }
  }

  private static void linkOrCopy(Path file, Path copy) throws IOException {
    try {
      Files.createLink(copy, file);
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
