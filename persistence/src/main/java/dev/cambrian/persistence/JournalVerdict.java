package dev.cambrian.persistence;

import java.util.List;

/** What {@link JournalCheck} finds. */
public sealed interface JournalVerdict {

  /** The end of the spine's sound beginning. */
  StreamHead spine();

  /**
   * Every acknowledged event is there.
   *
   * @param events of the spine and all biographies
   */
  record Sound(StreamHead spine, long events) implements JournalVerdict {}

  /**
   * Every acknowledged event is there; behind them a crash left something that never was one, and that LevelDB cuts
   * off.
   *
   * @param events of the spine and all biographies
   * @param note one sentence for the log
   */
  record TornTail(StreamHead spine, long events, String note) implements JournalVerdict {}

  /**
   * Acknowledged events are lost, or cannot be told to be there.
   *
   * @param spine the last sound event, from which {@link JournalRepair} lets the history go on
   * @param place what is damaged or missing
   * @param extent what is lost
   * @param individuals whose biographies lost what the spine's sound beginning knows of them
   * @param sentence for the user: place, extent and what to do
   */
  record Lost(StreamHead spine, String place, String extent, List<Long> individuals, String sentence)
      implements JournalVerdict {
    public Lost {
      individuals = List.copyOf(individuals);
    }
  }
}
