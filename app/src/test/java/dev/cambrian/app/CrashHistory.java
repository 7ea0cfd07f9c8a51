package dev.cambrian.app;

import akka.persistence.serialization.MessageFormats.PersistentMessage;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.JournalSerializer;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import dev.cambrian.persistence.PostgresServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;

/**
 * The journal of an experiment that no process evolves, as LevelDB or PostgreSQL itself gives it: read by neither Akka
 * nor the reader under test.
 *
 * @param spine the records of the population
 * @param biographies the records of every individual that has any
 */
record CrashHistory(List<Link> spine, SortedMap<Long, List<Link>> biographies) {
  private static final int NAMES = 1;
  private static final int FIRST_STREAM = 10;
  private static final String POPULATION = "population|";
  private static final String INDIVIDUAL = "individual|";

  /** Reads a home's journal: of LevelDB's a copy, so that its own recovery changes nothing. */
  static CrashHistory of(ExperimentHome home) throws IOException {
    Optional<PostgresServer> server = PostgresServer.of(home);
    if (server.isPresent()) {
      return read(server.get(), home.directory().getFileName().toString());
    }
    Path copy = Files.createTempDirectory("journal");
    try {
      if (Files.isDirectory(home.journal())) {
        try (Stream<Path> files = Files.list(home.journal())) {
          for (Path file : files.toList()) {
            Files.copy(file, copy.resolve(file.getFileName().toString()));
          }
        }
      }
      return read(copy);
    } finally {
      delete(copy);
    }
  }

  private static CrashHistory read(PostgresServer server, String experiment) throws IOException {
    CrashHistory history = new CrashHistory(new ArrayList<>(), new TreeMap<>());
    JournalSerializer serializer = new JournalSerializer();
    try (Connection connection = DriverManager.getConnection(server.url(), server.user(), "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT persistence_id, event_payload, event_ser_manifest FROM"
            + " \"cambrian_" + experiment + "\".event_journal ORDER BY persistence_id, sequence_number")) {
      while (rows.next()) {
        history.add(rows.getString(1), (Link) serializer.fromBinary(rows.getBytes(2), rows.getString(3)));
      }
      return history;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private void add(String name, Link link) {
    if (name.startsWith(POPULATION)) {
      spine.add(link);
    } else {
      long id = Long.parseLong(name.substring(INDIVIDUAL.length()));
      biographies.computeIfAbsent(id, none -> new ArrayList<>()).add(link);
    }
  }

  private static CrashHistory read(Path journal) throws IOException {
    CrashHistory history = new CrashHistory(new ArrayList<>(), new TreeMap<>());
    Map<Integer, String> names = new HashMap<>();
    JournalSerializer serializer = new JournalSerializer();
    try (DB leveldb = JniDBFactory.factory.open(journal.toFile(), new Options());
        DBIterator entries = leveldb.iterator()) {
      for (entries.seekToFirst(); entries.hasNext(); entries.next()) {
        ByteBuffer key = ByteBuffer.wrap(entries.peekNext().getKey());
        byte[] value = entries.peekNext().getValue();
        int stream = key.getInt();
        long sequence = key.getLong();
        if (stream == NAMES && sequence == 0) {
          names.put(key.getInt(), new String(value, StandardCharsets.UTF_8));
        } else if (stream >= FIRST_STREAM && sequence > 0) {
          var payload = PersistentMessage.parseFrom(value).getPayload();
          Link link = (Link) serializer.fromBinary(
              payload.getPayload().toByteArray(), payload.getPayloadManifest().toStringUtf8());
          history.add(names.get(stream), link);
        }
      }
    }
    return history;
  }

  /** The events of the spine; the first one is number 1. */
  List<PopulationEvent> events() {
    return spine.stream().map(link -> EventCodec.decodePopulation(link.event())).toList();
  }

  /** The events of one biography. */
  List<IndividualEvent> biography(long id) {
    return biographies.getOrDefault(id, List.of()).stream()
        .map(link -> EventCodec.decodeIndividual(link.event())).toList();
  }

  /** Deletes a directory and what is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
