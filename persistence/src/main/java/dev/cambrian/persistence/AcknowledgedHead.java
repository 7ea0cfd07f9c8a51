package dev.cambrian.persistence;

import java.io.Closeable;
import java.io.IOException;

/** Where it is recorded how far the spine was acknowledged, outside of the journal. */
public interface AcknowledgedHead extends Closeable {

  /** The head that was recorded last. */
  StreamHead head();

  /**
   * Records the spine's head; on return it is on disk.
   *
   * @throws IllegalArgumentException where it does not lie after the one that was recorded last, nor is that one
   */
  void record(StreamHead next) throws IOException;
}
