package dev.cambrian.persistence;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a journal holds, held against what it must hold: the spine's chain up to the acknowledged head, every
 * biography's chain up to what the spine knows of it, and no stream that breaks off. The biographies are read after the
 * spine and forgotten one by one.
 */
final class JournalContent {
  private final JournalCopy copy;
  private final SortedMap<Integer, String> names;
  private final Optional<StreamHead> acknowledged;
  private final KnownIndividuals known = new KnownIndividuals();
  private final Map<Long, StreamHead> awaited = new HashMap<>();
  private final SortedSet<Long> broken = new TreeSet<>();
  private Chain spine = new Chain("");
  private boolean acknowledgedReached;
  private boolean namesSound;
  private long events;

  private JournalContent(JournalCopy copy, Optional<StreamHead> acknowledged) {
    this.copy = copy;
    this.names = copy.names();
    this.acknowledged = acknowledged;
    this.acknowledgedReached = acknowledged.map(head -> head.equals(StreamHead.EMPTY)).orElse(true);
  }

  /** Reads a whole journal. */
  static JournalContent of(JournalCopy copy, Optional<StreamHead> acknowledged) throws IOException {
    JournalContent content = new JournalContent(copy, acknowledged);
    content.read();
    return content;
  }

  /** The end of the spine's sound beginning. */
  StreamHead spine() {
    return spine.head();
  }

  /** The spine's name; empty where there is none. */
  String spineName() {
    return spine.name();
  }

  /** Whether the spine does not break off, and has the acknowledged head. */
  boolean spineIsWhole() {
    return spine.whole();
  }

  boolean acknowledgedReached() {
    return acknowledgedReached;
  }

  /** Sound events of the spine and all biographies. */
  long events() {
    return events;
  }

  KnownIndividuals known() {
    return known;
  }

  /** The individuals whose biographies do not go as far as the spine knows. */
  SortedSet<Long> lostIndividuals() {
    return new TreeSet<>(awaited.keySet());
  }

  /** The individuals whose biographies break off. */
  SortedSet<Long> broken() {
    return broken;
  }

  /** Whether every stream has its own name and number, so that Akka gives no number twice. */
  boolean namesSound() {
    return namesSound;
  }

  /** The names of all streams by their numbers, the spine's first to be read. */
  SortedMap<Integer, String> names() {
    return names;
  }

  private void read() throws IOException {
    namesSound = names.isEmpty()
        || names.lastKey() == JournalKey.FIRST_STREAM + names.size() - 1
            && names.values().stream().distinct().count() == names.size();
    int last = copy.lastStream();
    if (names.isEmpty() || last > names.lastKey() || !namesSound) {
      namesSound = last < JournalKey.FIRST_STREAM;
      copy.visit(JournalKey.FIRST_STREAM, last, new Naming());
    }
    Optional<Integer> spineNumber = names.entrySet().stream()
        .filter(name -> StreamName.isSpine(name.getValue())).map(Map.Entry::getKey).findFirst();
    if (spineNumber.isPresent()) {
      spine = new Chain(names.get(spineNumber.get()));
      copy.visit(spineNumber.get(), spineNumber.get(), new Spine());
    }
    known.forEachBiography(awaited::put);
    Biographies biographies = new Biographies();
    copy.visit(JournalKey.FIRST_STREAM, last, biographies);
    biographies.finish();
  }

  /** Names the streams whose names are lost by what their records say. */
  private final class Naming implements JournalCopy.Visitor {
    @Override
    public void counter(int stream, long last) {}

    @Override
    public void record(int stream, long sequence, byte[] message) {
      if (!names.containsKey(stream)) {
        JournalMessage.of(message).ifPresent(known -> names.put(stream, known.stream()));
      }
    }

    @Override
    public void unreadable(int stream) {}
  }

  private final class Spine implements JournalCopy.Visitor {
    @Override
    public void counter(int stream, long last) {
      spine.endsAt(last);
    }

    @Override
    public void record(int stream, long sequence, byte[] message) {
      spine.next(sequence, JournalMessage.of(message)).ifPresent(link -> {
        known.add(EventCodec.decodePopulation(link.event()));
        events++;
        acknowledgedReached |= acknowledged.filter(spine.head()::equals).isPresent();
      });
    }

    @Override
    public void unreadable(int stream) {}
  }

  private final class Biographies implements JournalCopy.Visitor {
    private int number;
    private Chain chain;
    private OptionalLong individual = OptionalLong.empty();

    @Override
    public void counter(int stream, long last) {
      turnTo(stream);
      chain.endsAt(last);
    }

    @Override
    public void record(int stream, long sequence, byte[] message) {
      turnTo(stream);
      if (individual.isEmpty() || chain.next(sequence, JournalMessage.of(message)).isEmpty()) {
        return;
      }
      events++;
      if (chain.head().equals(awaited.get(individual.getAsLong()))) {
        awaited.remove(individual.getAsLong());
      }
    }

    @Override
    public void unreadable(int stream) {
      turnTo(stream);
    }

    private void turnTo(int stream) {
      if (chain != null && number == stream) {
        return;
      }
      finish();
      number = stream;
      chain = new Chain(names.getOrDefault(stream, ""));
      individual = StreamName.individual(chain.name());
    }

    void finish() {
      if (chain != null && individual.isPresent() && !chain.whole()) {
        broken.add(individual.getAsLong());
      }
    }
  }
}
