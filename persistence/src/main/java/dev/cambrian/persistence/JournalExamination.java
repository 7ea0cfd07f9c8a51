package dev.cambrian.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that can be known of a home's journal before LevelDB opens it: its files, its content as LevelDB would
 * read it from a copy, and the head file's word. Holds the copy until it is closed.
 */
final class JournalExamination implements AutoCloseable {
  private final Path journal;
  private final Optional<StreamHead> acknowledged;
  private final List<String> flaws = new ArrayList<>();
  private final boolean tornTail;
  private final Optional<JournalCopy> copy;
  private final Optional<JournalContent> content;

  private JournalExamination(
      ExperimentHome home, Optional<StreamHead> acknowledged, JournalFiles files, Optional<String> headFlaw,
      Optional<JournalCopy> copy) throws IOException {
    this.journal = home.journal();
    this.acknowledged = acknowledged;
    this.copy = copy;
    this.content = copy.isPresent() ? Optional.of(JournalContent.of(copy.get(), acknowledged)) : Optional.empty();
    headFlaw.ifPresent(flaws::add);
    files.flaws().forEach(flaw -> {
      if (flaw.kind() != JournalFiles.Kind.TAIL) {
        flaws.add(flaw.what());
      }
    });
    this.tornTail = files.has(JournalFiles.Kind.TAIL);
    addContentFlaws();
    if (acknowledged.isEmpty() && headFlaw.isEmpty() && !spine().equals(StreamHead.EMPTY)) {
      flaws.add("its head file " + home.head().getFileName() + " is missing");
    }
  }

  /** Examines a home; only a copy is made, beside the journal. */
  static JournalExamination of(ExperimentHome home) throws IOException {
    Optional<StreamHead> acknowledged = Optional.empty();
    Optional<String> headFlaw = Optional.empty();
    try {
      acknowledged = HeadFile.read(home.head());
    } catch (IOException damaged) {
      headFlaw = Optional.of(damaged.getMessage());
    }
    JournalFiles files = JournalFiles.inspect(home.journal());
    Optional<JournalCopy> copy = files.empty() ? Optional.empty() : copy(home, files);
    try {
      return new JournalExamination(home, acknowledged, files, headFlaw, copy);
    } catch (IOException | RuntimeException e) {
      if (copy.isPresent()) {
        copy.get().close();
      }
      throw e;
    }
  }

  private static Optional<JournalCopy> copy(ExperimentHome home, JournalFiles files) throws IOException {
    if (!files.has(JournalFiles.Kind.STRUCTURE)) {
      try {
        return Optional.of(JournalCopy.open(home, false));
      } catch (IOException | RuntimeException e) {
        String what = "LevelDB cannot open it (" + e.getMessage() + ")";
        files.add(new JournalFiles.Flaw(JournalFiles.Kind.STRUCTURE, what));
      }
    }
    try {
      return Optional.of(JournalCopy.open(home, true));
    } catch (IOException | RuntimeException nothingIsLeft) {
      return Optional.empty();
    }
  }

  private void addContentFlaws() {
    boolean holdsAll = content.map(JournalContent::acknowledgedReached)
        .orElse(acknowledged.map(StreamHead.EMPTY::equals).orElse(true));
    if (!holdsAll && flaws.isEmpty()) {
      flaws.add(copy.isEmpty() ? "it is missing"
          : spine().sequence() < acknowledged.orElseThrow().sequence()
              ? "its end is missing"
              : "it is not the one that the head file beside it was written for");
    }
    content.ifPresent(c -> {
      if (flaws.isEmpty() && !(c.spineIsWhole() && c.broken().isEmpty() && c.lostIndividuals().isEmpty())) {
        flaws.add("records are missing or damaged in its tables");
      }
      if (flaws.isEmpty() && !c.namesSound()) {
        flaws.add("names of streams are missing");
      }
    });
  }

  /** The end of the spine's sound beginning. */
  StreamHead spine() {
    return content.map(JournalContent::spine).orElse(StreamHead.EMPTY);
  }

  Optional<JournalCopy> copy() {
    return copy;
  }

  Optional<JournalContent> content() {
    return content;
  }

  JournalVerdict verdict() {
    long events = content.map(JournalContent::events).orElse(0L);
    if (!flaws.isEmpty()) {
      return lost();
    }
    return tornTail
        ? new JournalVerdict.TornTail(spine(), events, "The end of the journal " + journal
            + " was torn by a crash; it is cut off after event " + spine().sequence()
            + ", and nothing that was acknowledged is lost.")
        : new JournalVerdict.Sound(spine(), events);
  }

  private JournalVerdict lost() {
    String place = String.join(", ", flaws);
    String extent = extent();
    List<Long> individuals = content.map(c -> List.copyOf(c.lostIndividuals())).orElse(List.of());
    return new JournalVerdict.Lost(spine(), place, extent, individuals,
        "the journal " + journal + " has lost acknowledged events (" + place + "): " + extent
            + "; restore it from a copy, or go on from its last sound event, number " + spine().sequence()
            + ", with --accept-loss.");
  }

  private String extent() {
    List<String> parts = new ArrayList<>();
    long sound = spine().sequence();
    if (acknowledged.isEmpty()) {
      parts.add("how many events of the population were acknowledged after " + sound + " cannot be told");
    } else if (acknowledged.get().sequence() > sound) {
      parts.add("events " + (sound + 1) + " to " + acknowledged.get().sequence() + " of the population");
    } else if (content.isPresent() && !content.get().spineIsWhole()) {
      parts.add("what followed event " + sound + " of the population");
    } else {
      parts.add("no event of the population");
    }
    content.ifPresent(c -> {
      if (!c.lostIndividuals().isEmpty()) {
        parts.add("the results of " + counted(c.lostIndividuals()));
      }
      if (!c.broken().isEmpty()) {
        parts.add("events in the biographies of " + counted(c.broken()));
      } else if (c.lostIndividuals().isEmpty()) {
        parts.add("of biographies at most what no event of the population tells of");
      }
    });
    return String.join(", and ", parts);
  }

  private static String counted(Collection<Long> ids) {
    String some = ids.stream().limit(5).map(Object::toString).collect(Collectors.joining(", "));
    return ids.size() + (ids.size() == 1 ? " individual" : " individuals") + " (" + some
        + (ids.size() > 5 ? ", …" : "") + ")";
  }

  @Override
  public void close() throws IOException {
    if (copy.isPresent()) {
      copy.get().close();
    }
  }
}
