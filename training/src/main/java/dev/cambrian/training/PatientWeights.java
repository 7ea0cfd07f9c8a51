package dev.cambrian.training;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store as a worker uses it: while it cannot be reached the worker waits, longer from try to try, and says so
 * once; what it holds in its hands is not lost. An interrupt ends the waiting. Only what is really gone fails.
 */
public final class PatientWeights {
  private static final Logger LOG = LoggerFactory.getLogger(PatientWeights.class);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final WeightStore store;
  private final String who;

  /** @param who waits, as the log calls it */
  public PatientWeights(WeightStore store, String who) {
    this.store = store;
    this.who = who;
  }

  @FunctionalInterface
  private interface Question<R> {
    R ask() throws WeightsMissing, StoreUnreachable;
  }

  /** Stores weights, as soon as that is possible, and returns their address. */
  public WeightsHash put(Weights weights) throws InterruptedException {
    byte[] bytes = SafeTensors.write(weights);
    WeightsHash hash = WeightsHash.of(bytes);
    try {
      return insist(() -> {
        store.write(hash, bytes);
        return hash;
      });
    } catch (WeightsMissing e) {
      throw new IllegalStateException("writing says nothing on what is there", e);
    }
  }

  /** The weights at an address, as soon as the store answers. */
  public Weights get(WeightsHash hash) throws WeightsMissing, InterruptedException {
    return insist(() -> store.get(hash));
  }

  private <R> R insist(Question<R> question) throws WeightsMissing, InterruptedException {
    long pause = FIRST.toMillis();
    for (int tries = 1; ; tries++) {
      try {
        R answer = question.ask();
        if (tries > 1) {
          LOG.info("{} goes on: the weight store answers again, at try {}", who, tries);
        }
        return answer;
      } catch (StoreUnreachable e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (tries == 1) {
          LOG.warn("{} waits for the weight store and asks again until it answers: {}", who, e.getMessage());
        }
      }
      Thread.sleep(pause);
      pause = Math.min(2 * pause, LONGEST.toMillis());
    }
  }
}
