package dev.cambrian.persistence;

import java.io.IOException;
import java.io.NotSerializableException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The snapshots of one stream in a home, read straight from the files of Akka's local snapshot store, by the events
 * after which they were taken.
 *
 * <p>A file is named {@code snapshot-STREAM-EVENT-TIME}, the stream's name URL-encoded, the time in milliseconds. It
 * holds the length of a header (4 bytes, little-endian), in the header the serializer's number (4, little-endian) and
 * manifest, then what {@link JournalSerializer} wrote.
 */
public final class SnapshotFiles implements KeptSnapshots {
  private static final Pattern NAME = Pattern.compile("snapshot-(.+)-(\\d{1,18})-(\\d{1,18})");

  private final NavigableMap<Long, NavigableMap<Long, Path>> files;

  private SnapshotFiles(NavigableMap<Long, NavigableMap<Long, Path>> files) {
    this.files = files;
  }

  /** Those of a stream that a home keeps now. */
  public static SnapshotFiles of(ExperimentHome home, String stream) throws IOException {
    NavigableMap<Long, NavigableMap<Long, Path>> files = new TreeMap<>();
    String encoded = URLEncoder.encode(stream, StandardCharsets.UTF_8);
    if (Files.isDirectory(home.snapshots())) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(home.snapshots())) {
        for (Path file : entries) {
          Matcher name = NAME.matcher(file.getFileName().toString());
          if (name.matches() && name.group(1).equals(encoded)) {
            files.computeIfAbsent(Long.parseLong(name.group(2)), none -> new TreeMap<>())
                .put(Long.parseLong(name.group(3)), file);
          }
        }
      }
    }
    return new SnapshotFiles(files);
  }

  @Override
  public NavigableSet<Long> events() {
    return files.navigableKeySet();
  }

  @Override
  public Optional<Snapshot> read(long event) throws IOException {
    Map.Entry<Long, Path> youngest = files.containsKey(event) ? files.get(event).lastEntry() : null;
    return youngest == null ? Optional.empty() : parsed(Files.readAllBytes(youngest.getValue()));
  }

  /** Gives those up to an event to another home, as snapshots of a stream there; a file is shared, where that goes. */
  void share(long last, ExperimentHome with, String stream) throws IOException {
    Files.createDirectories(with.snapshots());
    String prefix = "snapshot-" + URLEncoder.encode(stream, StandardCharsets.UTF_8) + "-";
    for (Map.Entry<Long, NavigableMap<Long, Path>> taken : files.headMap(last, true).entrySet()) {
      for (Map.Entry<Long, Path> file : taken.getValue().entrySet()) {
        JournalCopy.linkOrCopy(
            file.getValue(), with.snapshots().resolve(prefix + taken.getKey() + "-" + file.getKey()));
      }
    }
    Directories.flush(with.snapshots());
  }

  /** Writes a snapshot into a home, as Akka's store would have. */
  static void write(ExperimentHome home, String stream, long event, Snapshot snapshot, Instant at)
      throws IOException {
    byte[] manifest = JournalSerializer.SNAPSHOT.getBytes(StandardCharsets.UTF_8);
    byte[] sealed = new JournalSerializer().toBinary(snapshot);
    ByteBuffer content = ByteBuffer.allocate(2 * Integer.BYTES + manifest.length + sealed.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(Integer.BYTES + manifest.length)
        .putInt(JournalSerializer.IDENTIFIER)
        .put(manifest)
        .put(sealed);
    Files.createDirectories(home.snapshots());
    Files.write(home.snapshots().resolve("snapshot-" + URLEncoder.encode(stream, StandardCharsets.UTF_8) + "-" + event
        + "-" + at.toEpochMilli()), content.array());
  }

  private static Optional<Snapshot> parsed(byte[] content) {
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < 2 * Integer.BYTES) {
      return Optional.empty();
    }
    int header = buffer.getInt();
    if (header < Integer.BYTES || header > buffer.remaining() || buffer.getInt() != JournalSerializer.IDENTIFIER) {
      return Optional.empty();
    }
    byte[] manifest = new byte[header - Integer.BYTES];
    buffer.get(manifest);
    byte[] sealed = new byte[buffer.remaining()];
    buffer.get(sealed);
    try {
      Object kept = new JournalSerializer().fromBinary(sealed, new String(manifest, StandardCharsets.UTF_8));
      return kept instanceof Snapshot snapshot ? Optional.of(snapshot) : Optional.empty();
    } catch (NotSerializableException damaged) {
      return Optional.empty();
    }
  }
}
