package dev.cambrian.persistence.history;

import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.JournalReader;
import dev.cambrian.persistence.PopulationEvent;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;

/** A whole history, told once from its beginning to the moment at which it was opened. */
public interface HistorySource {

  /** Gives every event of the spine, in order, with its number. */
  void spine(BiConsumer<Long, PopulationEvent> sink) throws IOException;

  /** Gives every individual's biography once, in any order. */
  void biographies(BiConsumer<Long, List<IndividualEvent>> sink) throws IOException;

  /** What a journal holds. */
  static HistorySource of(JournalReader journal) {
    return new HistorySource() {
      @Override
      public void spine(BiConsumer<Long, PopulationEvent> sink) throws IOException {
        journal.spine((link, event) -> sink.accept(link.sequence(), event));
      }

      @Override
      public void biographies(BiConsumer<Long, List<IndividualEvent>> sink) throws IOException {
        journal.biographies(sink);
      }
    };
  }
}
