package dev.cambrian.actors;

import dev.cambrian.persistence.EventCodec;
import dev.cambrian.persistence.IndividualEvent;
import dev.cambrian.persistence.IndividualEvent.Conceived;
import dev.cambrian.persistence.IndividualEvent.Failed;
import dev.cambrian.persistence.IndividualEvent.Trained;
import dev.cambrian.persistence.Link;
import dev.cambrian.persistence.StreamHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of one individual: its own stream, folded.
 *
 * @param attempt only a result of this attempt or a later one is taken; from 1
 * @param trained the result
 * @param givenUp results that a reset of the weights gave up, in order: they do not count any more, but the population's
 *     best may still be one of them
 * @param killed the spine's event that killed it
 * @param head the stream's end; {@link StreamHead#EMPTY} for an individual that was never heard of
 */
public record Biography(
    long id,
    int attempt,
    Optional<Conceived> conceived,
    Optional<Trained> trained,
    Optional<Failed> failed,
    List<Trained> givenUp,
    OptionalLong killed,
    StreamHead head)
    implements CborMessage {

  public Biography {
    givenUp = List.copyOf(givenUp);
  }

  /** Nothing is known yet. */
  static Biography empty(long id) {
    return new Biography(
        id, 1, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), OptionalLong.empty(), StreamHead.EMPTY);
  }

  /** Whether its training ended, in a model or without one. */
  public boolean ended() {
    return trained.isPresent() || failed.isPresent();
  }

  /** The training that these weights came of, whether it still counts or was given up; empty where there is none. */
  public Optional<Trained> training(String weights) {
    List<Trained> all = new ArrayList<>(givenUp);
    trained.ifPresent(all::add);
    return all.stream().filter(result -> result.weights().equals(weights)).findFirst();
  }

  /**
   * The biography after one more record.
   *
   * @throws IllegalStateException where the record does not follow the stream's head: records before it were lost
   */
  Biography updated(Link link) {
    if (!link.follows(head)) {
      throw new IllegalStateException("the biography of individual " + id + " is broken: record " + link.sequence()
          + " does not follow record " + head.sequence());
    }
    IndividualEvent event = EventCodec.decodeIndividual(link.event());
    StreamHead next = link.head();
    if (event instanceof Conceived made) {
      return new Biography(id, attempt, Optional.of(made), trained, failed, givenUp, killed, next);
    } else if (event instanceof IndividualEvent.AttemptFenced fenced) {
      return new Biography(id, fenced.attempt(), conceived, trained, failed, givenUp, killed, next);
    } else if (event instanceof IndividualEvent.WeightsReset reset) {
      List<Trained> before = new ArrayList<>(givenUp);
      trained.ifPresent(before::add);
      return new Biography(id, reset.attempt(), conceived, Optional.empty(), Optional.empty(), before, killed, next);
    } else if (event instanceof Trained result) {
      return new Biography(id, result.attempt(), conceived, Optional.of(result), failed, givenUp, killed, next);
    } else if (event instanceof Failed result) {
      return new Biography(id, result.attempt(), conceived, trained, Optional.of(result), givenUp, killed, next);
    } else {
      long by = ((IndividualEvent.Killed) event).event();
      return new Biography(id, attempt, conceived, trained, failed, givenUp, OptionalLong.of(by), next);
    }
  }
}
