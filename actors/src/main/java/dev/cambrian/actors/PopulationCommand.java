package dev.cambrian.actors;

import akka.Done;
import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the population is asked and told. */
sealed interface PopulationCommand extends CborMessage {

  /** Begin the experiment, or go on with it. */
  record Open(ActorRef<Opened> replyTo) implements PopulationCommand {}

  /** The worker's slot is free. A worker that already holds a child is given the same assignment again. */
  record Pull(String worker, ActorRef<PullReply> replyTo) implements PopulationCommand {}

  /**
   * A child's training ended, as its biography says, and the worker's slot is free.
   *
   * @param last whether the worker wants no other child
   */
  record Report(String worker, Biography child, boolean last, ActorRef<PullReply> replyTo)
      implements PopulationCommand {}

  /** The worker has ended: what it was given and did not report is for others. */
  record HandBack(String worker) implements PopulationCommand {}

  /** A node is no member of the cluster any more, and its workers are gone with it. */
  record NodeGone(String node) implements PopulationCommand {}

  /** The worker is there; where it trains, its lease is renewed. An attempt that is over is told to be abandoned. */
  record Heartbeat(WorkerProgress progress, ActorRef<WorkerCommand> replyTo) implements PopulationCommand {}

  /** How does it stand? */
  record GetStatus(ActorRef<Status> replyTo) implements PopulationCommand {}

  /** What is its state, in short? Answered once that is on disk. */
  record GetDigest(ActorRef<StateDigest> replyTo) implements PopulationCommand {}

  /** Answered with the last status when the end is reached and everything is on disk. */
  record AwaitEnd(ActorRef<Status> replyTo) implements PopulationCommand {}

  /** What was the test accuracy of an individual? */
  record GetTest(long individual, ActorRef<TestKept> replyTo) implements PopulationCommand {}

  /** The test set was read for an individual; the first reading is kept. */
  record RecordTest(long individual, double testAccuracy, ActorRef<TestKept> replyTo) implements PopulationCommand {}

  /** Delete the weights that nothing names any more. */
  record Collect(ActorRef<Collected> replyTo) implements PopulationCommand {}

  /**
   * Somebody steers. A request that is repeated under the same id is answered as the first time.
   *
   * @param command the client's id of the request; empty for none
   */
  record Steer(String command, Control control, ActorRef<ControlAnswer> replyTo) implements PopulationCommand {}

  /** Assign nothing new; trainings in flight go on. For a nearly full disk: no event, and forgotten at a restart. */
  record Pause(ActorRef<Done> replyTo) implements PopulationCommand {}

  /** Assign again. */
  record Unpause(ActorRef<Done> replyTo) implements PopulationCommand {}

  /** Time to look at the leases and at what was not acknowledged. */
  enum Tick implements PopulationCommand {
    INSTANCE
  }

  /** The head file holds the spine's head up to this event. */
  record HeadWritten(long sequence) implements PopulationCommand {}

  /** The head file cannot be written; {@code message} is a sentence. */
  record HeadFailed(String message) implements PopulationCommand {}

  /** A child's biography after the attempts before {@code attempt} were fenced off; empty where it did not answer. */
  record FenceAnswered(long child, int attempt, Optional<Biography> biography) implements PopulationCommand {}

  /** A biography knows of its death. */
  record KillAnswered(long individual) implements PopulationCommand {}

  /**
   * A sweep deleted these.
   *
   * @param asked how many biographies were asked whose weights stay
   * @param problem empty where it went through
   */
  record Swept(List<String> weights, int asked, String problem) implements PopulationCommand {}

  /** How many weights of a moment that somebody asked to pin are not in the store; none is deleted until it is heard. */
  record LookedFor(Steer pin, int missing) implements PopulationCommand {}

  /** The answer to {@link Open}; {@code problem} is empty, or one sentence that says why it cannot go on. */
  record Opened(String problem) implements CborMessage {}

  /** The kept test accuracy, if there is one. */
  record TestKept(OptionalDouble testAccuracy) implements CborMessage {

    /** What a population knows of an individual. */
    static TestKept of(PopulationState population, long individual) {
      Double kept = population.tests().get(individual);
      return new TestKept(kept == null ? OptionalDouble.empty() : OptionalDouble.of(kept));
    }
  }

  /** What a sweep deleted; {@code problem} is empty where it went through. */
  record Collected(List<String> weights, String problem) implements CborMessage {}
}
