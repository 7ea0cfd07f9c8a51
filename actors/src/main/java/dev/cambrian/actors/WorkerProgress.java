package dev.cambrian.actors;

import java.util.Optional;

/**
 * What a worker says about itself while it works.
 *
 * @param assignment what it works on, if anything
 * @param stored the weights that it stored for that child and that no event may name yet
 * @param step of {@code steps} batches that are done
 * @param images trained on since the worker started, all children together
 * @param trainedMillis spent training since the worker started
 */
record WorkerProgress(
    String worker,
    Optional<Task> assignment,
    Optional<String> stored,
    long step,
    long steps,
    long images,
    long trainedMillis) {

  /** One attempt of one child. */
  record Task(long child, int attempt) {}
}
