package dev.cambrian.persistence;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A second future for an experiment: a journal of its own with the past that it shares with its parent, bit for bit,
 * and then its own first events. Results that the parent's spine did not know at that moment are not part of it:
 * whoever trained then trains again.
 */
public final class JournalFork {
  private static final int SOME = 5;

  private JournalFork() {}

  /**
   * Writes the journal and the head file of a fork; on return they are on disk. It shares the parent's snapshots, too.
   *
   * @param from the parent
   * @param parent its journal
   * @param event the last event that both share
   * @param fork a home without a journal, whose lock the caller holds
   * @param experiment the fork's name
   * @param own what happens in the fork first
   * @return the fork's spine
   * @throws UnusableHome where the parent has no such event, or has lost results that it knew of then
   */
  public static StreamHead write(ExperimentHome from, LevelDbReader parent, long event, ExperimentHome fork,
      String experiment, List<? extends PopulationEvent> own) throws IOException {
    requireEvent(event, parent);
    KnownIndividuals known = new KnownIndividuals();
    parent.spine(1, event, (link, happened) -> known.add(happened));
    JournalCopy source = parent.copy().orElseThrow();
    PastJournal.Past past = new PastJournal.Past(
        source.names(), parent.spineName(), StreamName.spine(experiment), parent.headAt(event), known::told);
    StreamHead head;
    try (PastJournal journal = PastJournal.write(fork.journal(), source, past, known)) {
      requireWhole(journal.lacking(), event);
      journal.append(own);
      head = journal.spine();
    }
    SnapshotFiles.of(from, parent.spineName()).share(event, fork, StreamName.spine(experiment));
    HeadFile.create(fork.head(), head);
    return head;
  }

  static void requireEvent(long event, JournalReader parent) throws UnusableHome {
    if (event < 1 || event > parent.last()) {
      throw new UnusableHome("there is no event " + event + "; the last one is event " + parent.last() + ".");
    }
  }

  static void requireWhole(Set<Long> lacking, long event) throws UnusableHome {
    if (!lacking.isEmpty()) {
      String some = lacking.stream().sorted().limit(SOME).map(Object::toString).collect(Collectors.joining(", "));
      throw new UnusableHome("event " + event + " cannot be forked: the results of " + lacking.size()
          + (lacking.size() == 1 ? " individual" : " individuals") + " that it knows of (" + some
          + (lacking.size() > SOME ? ", …" : "") + ") were lost later; fork an event after that loss was accepted.");
    }
  }
}
