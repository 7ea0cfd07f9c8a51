package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a LevelDB directory, looked at without LevelDB, which stays silent about most of what can happen to
 * them: is every file there that must be, and is every byte of the logs and the manifest as it was written?
 */
final class JournalFiles {
  private static final Pattern NUMBERED = Pattern.compile("(\\d+)\\.(log|sst|ldb)");
  private static final int SEQUENCE_AND_COUNT = 12;

  /** How a flaw touches what the journal holds. */
  enum Kind {
    /** The last log's end: what a crash leaves. */
    TAIL,
    /** Records are gone; LevelDB can read the others. */
    RECORDS,
    /** LevelDB cannot open or read the directory as it is. */
    STRUCTURE
  }

  /**
   * One thing that is not as it was written.
   *
   * @param what a clause with the file and the place in it
   */
  record Flaw(Kind kind, String what) {}

  private final Path directory;
  private final SortedMap<Long, Path> logs = new TreeMap<>();
  private final Map<Long, Path> tables = new TreeMap<>();
  private final List<Flaw> flaws = new ArrayList<>();
  private boolean empty;

  private JournalFiles(Path directory) {
    this.directory = directory;
  }

  /** Looks at a directory; nothing is changed in it. */
  static JournalFiles inspect(Path directory) throws IOException {
    JournalFiles files = new JournalFiles(directory);
    if (!Files.isDirectory(directory)) {
      files.empty = true;
      return files;
    }
    files.list();
    files.inspectAll();
    return files;
  }

  /** Whether a directory holds no record and never did, by the names of its files alone. */
  static boolean empty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return true;
    }
    JournalFiles files = new JournalFiles(directory);
    files.list();
    return files.logs.isEmpty() && files.tables.isEmpty() && !Files.exists(directory.resolve("CURRENT"));
  }

  /** Whether it holds no record and never did: there is no directory, or LevelDB was killed while it made it. */
  boolean empty() {
    return empty;
  }

  /** What is not as it was written, worst kinds included; empty where all is. */
  List<Flaw> flaws() {
    return flaws;
  }

  void add(Flaw flaw) {
    flaws.add(flaw);
  }

  boolean has(Kind kind) {
    return flaws.stream().anyMatch(flaw -> flaw.kind() == kind);
  }

  private void list() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        Matcher name = NUMBERED.matcher(entry.getFileName().toString());
        if (name.matches()) {
          (name.group(2).equals("log") ? logs : tables).put(Long.parseLong(name.group(1)), entry);
        }
      }
    }
  }

  private void inspectAll() throws IOException {
    Path current = directory.resolve("CURRENT");
    if (!Files.exists(current)) {
      empty = logs.isEmpty() && tables.isEmpty();
      if (!empty) {
        structure("CURRENT is missing");
      }
      return;
    }
    String name = Files.readString(current, StandardCharsets.ISO_8859_1);
    if (!name.matches("MANIFEST-\\d+\n")) {
      structure("CURRENT is damaged");
      return;
    }
    Path file = directory.resolve(name.strip());
    if (!Files.exists(file)) {
      structure(file.getFileName() + ", which CURRENT names, is missing");
      return;
    }
    inspectManifest(file);
  }

  private void inspectManifest(Path file) throws IOException {
    LevelDbManifest manifest = LevelDbManifest.of(Files.readAllBytes(file));
    manifest.damage().ifPresent(damage -> structure(file.getFileName() + " is damaged at byte " + damage.offset()));
    if (manifest.unreadable() || manifest.logNumber().isEmpty()) {
      structure(file.getFileName() + " is damaged");
      return;
    }
    for (Map.Entry<Long, Long> table : manifest.tables().entrySet()) {
      inspectTable(table.getKey(), table.getValue());
    }
    inspectLogs(manifest.logNumber().getAsLong());
  }

  private void inspectTable(long number, long size) throws IOException {
    Path table = tables.get(number);
    if (table == null) {
      structure(String.format("%06d.sst is missing", number));
    } else if (Files.size(table) != size) {
      structure(table.getFileName() + " has " + Files.size(table) + " bytes of " + size);
    } else if (!LevelDbTable.indexIsSound(table)) {
      structure(table.getFileName() + " is damaged in its index");
    }
  }

  private void inspectLogs(long oldest) throws IOException {
    if (oldest != 0 && !logs.containsKey(oldest)) {
      flaws.add(new Flaw(Kind.RECORDS, String.format("%06d.log is missing", oldest)));
    }
    WriteSequence sequence = new WriteSequence();
    SortedMap<Long, Path> live = logs.tailMap(oldest);
    for (Map.Entry<Long, Path> log : live.entrySet()) {
      String name = log.getValue().getFileName().toString();
      byte[] content = Files.readAllBytes(log.getValue());
      Optional<LevelDbLog.Damage> damage = LevelDbLog.read(content, batch -> sequence.next(name, batch));
      boolean last = log.getKey().equals(live.lastKey());
      damage.ifPresent(d -> flaws.add(last && !d.middle()
          ? new Flaw(Kind.TAIL, "the last " + (written(content) - d.offset()) + " bytes of " + name
              + ", from byte " + d.offset() + " on, are no whole record")
          : new Flaw(Kind.RECORDS, name + " is damaged at byte " + d.offset())));
    }
    sequence.gap.ifPresent(name -> flaws.add(new Flaw(Kind.RECORDS, name + " lacks records that were before its own")));
  }

  /** The length up to the last byte that is not zero: LevelDB maps more than it writes. */
  private static int written(byte[] content) {
    int length = content.length;
    while (length > 0 && content[length - 1] == 0) {
      length--;
    }
    return length;
  }

  private void structure(String what) {
    flaws.add(new Flaw(Kind.STRUCTURE, what));
  }

  /** LevelDB numbers its writes without a gap: a batch is its first number, its count, and so many writes. */
  private static final class WriteSequence {
    private long expected = -1;
    private Optional<String> gap = Optional.empty();

    void next(String file, byte[] batch) {
      if (batch.length < SEQUENCE_AND_COUNT) {
        gap = gap.or(() -> Optional.of(file));
        return;
      }
      ByteBuffer head = ByteBuffer.wrap(batch).order(ByteOrder.LITTLE_ENDIAN);
      long first = head.getLong();
      if (expected >= 0 && first != expected) {
        gap = gap.or(() -> Optional.of(file));
      }
      expected = first + head.getInt();
    }
  }
}
