package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every journal does alike, whoever keeps its records. */
abstract class JournalContract {
  private static final Instant NOW = Instant.parse("2018-02-05T00:00:00Z");
  private static final int CHILDREN = 25;

  /** A journal of this name that nobody has written yet, in a home that need not be there. */
  abstract Journal journal(String experiment) throws IOException;

  /** The journal of a home that this one was forked into. */
  abstract Journal of(ExperimentHome home) throws IOException;

  private Journal written() throws IOException {
    Journal journal = journal(Story.EXPERIMENT);
    try (Closeable held = journal.hold(false); Story story = Story.open(journal)) {
      story.write(1, CHILDREN);
    }
    return journal;
  }

  static List<Link> spine(Journal journal) throws IOException {
    List<Link> links = new ArrayList<>();
    try (JournalReader reader = journal.read()) {
      reader.spine((link, event) -> links.add(link));
    }
    return links;
  }

  static Map<Long, List<Link>> lives(Journal journal) throws IOException {
    Map<Long, List<Link>> lives = new TreeMap<>();
    try (JournalReader reader = journal.read()) {
      reader.lives((individual, links) -> lives.put(individual, List.copyOf(links)));
    }
    return lives;
  }

  @Test
  void journalThatHasNotBegun_hasNoEvents() throws IOException {
    Journal journal = journal("nothing");
    try (Closeable held = journal.hold(false); JournalReader reader = journal.read()) {
      assertFalse(journal.begun());
      assertEquals(0, reader.last());
      assertEquals("", reader.spineName());
      assertEquals(List.of(), reader.biography(1));
      assertTrue(reader.snapshots().events().isEmpty());
      reader.lives((individual, links) -> assertTrue(links.isEmpty(), "a life"));
      assertEquals(new JournalVerdict.Sound(StreamHead.EMPTY, 0), journal.check());
    }
  }

  @Test
  void whatAkkaWrote_isReadAsItWasAcknowledged() throws IOException {
    Journal journal = journal(Story.EXPERIMENT);
    Map<String, StreamHead> acknowledged;
    try (Closeable held = journal.hold(false); Story story = Story.open(journal)) {
      story.write(1, CHILDREN);
      acknowledged = Map.copyOf(story.acknowledged());
    }
    assertTrue(journal.begun());
    StreamHead end = acknowledged.get(StreamName.spine(Story.EXPERIMENT));
    Map<Long, List<Link>> lives = lives(journal);
    try (JournalReader reader = journal.read()) {
      assertEquals(StreamName.spine(Story.EXPERIMENT), reader.spineName());
      assertEquals(end.sequence(), reader.last());
      assertEquals(end, reader.headAt(reader.last()));
      List<Link> all = spine(journal);
      assertEquals(end.sequence(), all.size());
      for (Link link : all) {
        assertEquals(link, reader.link(link.sequence()));
      }
      List<Link> part = new ArrayList<>();
      reader.spine(5, 9, (link, event) -> part.add(link));
      assertEquals(all.subList(4, 9), part);
      assertThrows(IllegalArgumentException.class, () -> reader.link(end.sequence() + 1));
      assertThrows(UnusableHome.class,
          () -> reader.spine(new StreamHead(4, "a".repeat(64)), 9, (link, head) -> {}));
      assertEquals(CHILDREN, lives.size());
      for (Map.Entry<Long, List<Link>> life : lives.entrySet()) {
        assertEquals(acknowledged.get(StreamName.biography(life.getKey())),
            life.getValue().get(life.getValue().size() - 1).head());
        assertEquals(life.getValue().stream().map(link -> EventCodec.decodeIndividual(link.event())).toList(),
            reader.biography(life.getKey()));
      }
    }
    long events = end.sequence() + lives.values().stream().mapToInt(List::size).sum();
    assertEquals(new JournalVerdict.Sound(end, events), journal.check());
  }

  @Test
  void reader_staysAtTheMomentAtWhichItWasOpened_whileItGoesOn() throws IOException {
    Journal journal = journal(Story.EXPERIMENT);
    try (Closeable held = journal.hold(false); Story story = Story.open(journal)) {
      story.write(1, 3);
      long last = story.acknowledged().get(StreamName.spine(Story.EXPERIMENT)).sequence();
      try (JournalReader reader = journal.read()) {
        story.write(4, 3);
        long[] count = {0};
        reader.spine((link, event) -> count[0]++);
        assertEquals(last, reader.last());
        assertEquals(last, count[0]);
        assertEquals(List.of(), reader.biography(5));
      }
      assertTrue(spine(journal).size() > last);
    }
  }

  @Test
  void appended_isReadByAkka_asIfItHadWrittenIt() throws IOException {
    Journal journal = written();
    StreamHead end;
    try (JournalReader reader = journal.read()) {
      end = reader.headAt(reader.last());
    }
    List<PopulationEvent> events =
        List.of(new PopulationEvent.Resumed(NOW), new PopulationEvent.TestRead(NOW, 3, 0.5));
    StreamHead appended;
    try (Closeable held = journal.hold(false)) {
      appended = journal.append(end, events);
      assertEquals(end.sequence() + 2, appended.sequence());
      assertThrows(IllegalStateException.class, () -> journal.append(end, events));
    }
    try (Closeable held = journal.hold(false); Story story = Story.open(journal)) {
      assertEquals(appended, story.acknowledged().get(StreamName.spine(Story.EXPERIMENT)));
      story.write(CHILDREN + 1, 2);
    }
    assertInstanceOf(JournalVerdict.Sound.class, journal.check());
  }

  @Test
  void fork_hasTheSamePastBitForBit_andGoesOn() throws IOException {
    Journal parent = written();
    List<Link> past = spine(parent);
    long event = 30;
    ExperimentHome place = journal("second").home();
    StreamHead head;
    try (Closeable held = HomeLock.take(place)) {
      head = parent.fork(event, place, "second",
          List.of(new PopulationEvent.Forked(NOW, "second", Story.EXPERIMENT, event, Examples.SETTINGS)));
    }
    Journal fork = of(place);
    List<Link> links = spine(fork);
    assertEquals(event + 1, head.sequence());
    assertEquals(past.subList(0, (int) event), links.subList(0, (int) event));
    assertEquals(head, links.get((int) event).head());
    Map<Long, List<Link>> parents = lives(parent);
    lives(fork).forEach((individual, life) ->
        assertEquals(parents.get(individual).subList(0, life.size()), life));
    assertInstanceOf(JournalVerdict.Sound.class, fork.check());
    assertEquals(past, spine(parent));
    assertThrows(UnusableHome.class,
        () -> parent.fork(past.size() + 1, journal("third").home(), "third", List.of()));
  }

  @Test
  void heldJournal_isRefusedToASecondOne_untilItIsGivenBack() throws IOException {
    Journal journal = journal("held");
    try (Closeable held = journal.hold(false)) {
      assertThrows(UnusableHome.class, () -> journal.hold(false));
    }
    journal.hold(false).close();
  }
}
