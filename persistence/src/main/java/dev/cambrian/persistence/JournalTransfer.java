package dev.cambrian.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * Moves an experiment, whose home stays where it is, between LevelDB and PostgreSQL: all records and snapshots, bit for
 * bit. What was written is read again and compared with what was read before it counts. Until then the experiment is
 * where it was, also where the process is killed; afterwards the former journal lies under another name.
 */
public final class JournalTransfer {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

  private JournalTransfer() {}

  /**
   * What was moved.
   *
   * @param events of the spine and all biographies
   * @param former where the former journal lies now
   */
  public record Moved(StreamHead spine, long events, long individuals, int snapshots, String former) {}

  /** A whole history in a few numbers; chains being what they are, the same ones mean the same history. */
  private record Tally(StreamHead spine, long events, long individuals, String heads) {

    static Tally of(JournalReader journal) throws IOException {
      StreamHead[] spine = {StreamHead.EMPTY};
      journal.spine((link, event) -> spine[0] = link.head());
      long[] counts = {journal.last(), 0};
      byte[] heads = new byte[32];
      journal.lives((individual, links) -> {
        counts[0] += links.size();
        counts[1]++;
        mix(heads, individual, links.get(links.size() - 1).head());
      });
      return new Tally(spine[0], counts[0], counts[1], HexFormat.of().formatHex(heads));
    }

    /** In any order: journals give biographies in different ones. */
    private static void mix(byte[] heads, long individual, StreamHead head) {
      try {
        byte[] hash = MessageDigest.getInstance("SHA-256")
            .digest((individual + " " + head.sequence() + " " + head.hash()).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < heads.length; i++) {
          heads[i] ^= hash[i];
        }
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every JDK has SHA-256", e);
      }
    }
  }

  /**
   * Moves a home's experiment from LevelDB to PostgreSQL.
   *
   * @throws UnusableHome where it is in use, has lost events or has not begun, or PostgreSQL has another one of its name
   */
  public static Moved toPostgres(ExperimentHome home, PostgresServer server, Instant now) throws IOException {
    PostgresJournal target = PostgresJournal.of(home, server);
    try (Closeable held = HomeLock.take(home)) {
      if (PostgresServer.of(home).isPresent()) {
        throw new UnusableHome(target.experiment() + " has its journal in PostgreSQL already.");
      }
      if (JournalCheck.check(home) instanceof JournalVerdict.Lost lost) {
        throw new UnusableHome(lost.sentence());
      }
      Moved moved;
      try (LevelDbReader source = LevelDbReader.open(home)) {
        requireBegun(source, target.experiment());
        moved = copy(source, target, now);
      }
      server.remember(home);
      Files.move(home.journal(), home.directory().resolve(moved.former()), StandardCopyOption.ATOMIC_MOVE);
      Directories.flush(home.directory());
      return moved;
    }
  }

  private static Moved copy(JournalReader source, PostgresJournal target, Instant now) throws IOException {
    Tally told = Tally.of(source);
    String former = "journal-moved-" + STAMP.format(now);
    try (Connection connection = target.server().connect()) {
      connection.setAutoCommit(false);
      if (target.schema().exists(connection)) {
        // A process that was killed right after its commit is finished here.
        if (!Tally.of(PostgresReader.within(connection, target)).equals(told)) {
          throw new UnusableHome("PostgreSQL at " + target.server().place() + " has another experiment "
              + target.experiment() + " in the schema " + target.schema().name()
              + "; nothing was copied: drop or rename that schema first.");
        }
        return new Moved(told.spine(), told.events(), told.individuals(),
            PostgresReader.within(connection, target).snapshots().events().size(), former);
      }
      target.makeNew(connection);
      int snapshots;
      try (JournalWriter writer = new JournalWriter.ToPostgres(connection, target.schema())) {
        snapshots = copy(source, writer);
      }
      requireSame(told, Tally.of(PostgresReader.within(connection, target)));
      connection.commit();
      return new Moved(told.spine(), told.events(), told.individuals(), snapshots, former);
    } catch (SQLException e) {
      throw target.server().failure("the journal of " + target.experiment() + " cannot be written", e);
    }
  }

  /**
   * Moves a home's experiment from PostgreSQL to LevelDB; no process of any machine may evolve it.
   *
   * @throws UnusableHome where it is in use, is damaged or has not begun, or the home has a journal of LevelDB
   */
  public static Moved toLevelDb(ExperimentHome home, PostgresServer server, Instant now) throws IOException {
    PostgresJournal source = PostgresJournal.of(home, server);
    if (!JournalFiles.empty(home.journal())) {
      throw new UnusableHome(home.journal() + " holds a journal already; nothing was copied.");
    }
    if (!source.begun()) {
      throw new UnusableHome("there is no experiment " + source.experiment() + " in PostgreSQL at " + server.place()
          + "; nothing was copied.");
    }
    try (Closeable held = source.hold(false)) {
      source.check();
      ExperimentHome building = new ExperimentHome(home.directory().resolve("copying"));
      Directories.delete(building.directory());
      Files.createDirectories(building.directory());
      Moved moved;
      try (JournalReader reader = source.read()) {
        Tally told = Tally.of(reader);
        int snapshots;
        try (JournalWriter writer = new JournalWriter.ToLevelDb(building)) {
          snapshots = copy(reader, writer);
        }
        try (LevelDbReader written = LevelDbReader.open(building)) {
          requireSame(told, Tally.of(written));
        }
        moved = new Moved(told.spine(), told.events(), told.individuals(), snapshots, "");
      }
      putInPlace(building, home);
      Directories.delete(building.directory());
      return new Moved(
          moved.spine(), moved.events(), moved.individuals(), moved.snapshots(), setAside(source, now));
    }
  }

  private static void putInPlace(ExperimentHome building, ExperimentHome home) throws IOException {
    Files.createDirectories(home.snapshots());
    if (Files.isDirectory(building.snapshots())) {
      try (DirectoryStream<Path> snapshots = Files.newDirectoryStream(building.snapshots())) {
        for (Path snapshot : snapshots) {
          Files.move(snapshot, home.snapshots().resolve(snapshot.getFileName()),
              StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
    Directories.flush(home.snapshots());
    Files.move(building.head(), home.head(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    Directories.delete(home.journal());
    Files.move(building.journal(), home.journal(), StandardCopyOption.ATOMIC_MOVE);
    Directories.flush(home.directory());
    Files.delete(home.postgresql());
    Directories.flush(home.directory());
  }

  private static String setAside(PostgresJournal source, Instant now) throws IOException {
    try (Connection connection = source.server().connect()) {
      return source.schema().setAside(connection, STAMP.format(now));
    } catch (SQLException e) {
      throw source.server().failure("the schema " + source.schema().name() + " cannot be renamed", e);
    }
  }

  private static int copy(JournalReader source, JournalWriter writer) throws IOException {
    String spine = source.spineName();
    JournalWriter.copySpine(source, source.last(), spine, writer);
    try {
      source.lives(writer::biography);
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
    int snapshots = JournalWriter.copySnapshots(source, source.last(), spine, writer);
    writer.finish();
    return snapshots;
  }

  private static void requireBegun(JournalReader source, String experiment) throws UnusableHome {
    if (source.last() == 0) {
      throw new UnusableHome(experiment + " has not begun: there is nothing to copy.");
    }
    if (!source.spineName().equals(StreamName.spine(experiment))) {
      throw new UnusableHome("the journal of " + experiment + " was written under another name ("
          + source.spineName() + "); give its folder that name back.");
    }
  }

  private static void requireSame(Tally told, Tally written) throws UnusableHome {
    if (!written.equals(told)) {
      throw new UnusableHome("what was written is not what was read (" + written.events() + " of " + told.events()
          + " events); nothing was changed, try again.");
    }
  }
}
