package dev.cambrian.app;

import akka.persistence.serialization.MessageFormats.PersistentMessage;
import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.ExperimentHome;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.JournalSerializer;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fusesource.leveldbjni.JniDBFactory;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;

/**
 * The journal of an experiment that no process evolves, as LevelDB itself gives it: read by neither Akka nor the reader
 * under test.
 *
 * @param spine the records of the population
 * @param biographies the records of every individual that has any
 */
record CrashHistory(List<Link> spine, SortedMap<Long, List<Link>> biographies) {
  private static final int NAMES = 1;
  private static final int FIRST_STREAM = 10;
  private static final String POPULATION = "population|";
  private static final String INDIVIDUAL = "individual|";

  /** Reads a copy, so that LevelDB's own recovery changes nothing. */
  static CrashHistory of(ExperimentHome home) throws IOException {
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

  private static CrashHistory read(Path journal) throws IOException {
    List<Link> spine = new ArrayList<>();
    SortedMap<Long, List<Link>> biographies = new TreeMap<>();
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
          String name = names.get(stream);
          if (name.startsWith(POPULATION)) {
            spine.add(link);
          } else {
            long id = Long.parseLong(name.substring(INDIVIDUAL.length()));
            biographies.computeIfAbsent(id, none -> new ArrayList<>()).add(link);
          }
        }
      }
    }
    return new CrashHistory(spine, biographies);
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
