package dev.cambrian.actors;

import akka.actor.typed.ActorRef;
import akka.actor.typed.RecipientRef;
import com.typesafe.config.Config;
import dev.cambrian.persistence.ExperimentSettings;
import dev.cambrian.persistence.StreamHead;
import dev.cambrian.training.WeightStore;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * What a population is given by the node that it lives on.
 *
 * @param known the head file's content: what the journal must hold at least
 * @param individuals the sharded individual of an id
 * @param blocking where the weight store is swept
 * @param present whether a worker, by its name, belongs to another node that is a member of the cluster now
 * @param metrics are told what happens
 * @param failed is told one sentence when the population cannot go on
 */
record PopulationSetup(
    String experiment,
    ExperimentSettings settings,
    Until until,
    StreamHead known,
    ActorRef<HeadKeeper.Command> headKeeper,
    LongFunction<RecipientRef<IndividualCommand>> individuals,
    WeightStore store,
    Executor blocking,
    Clock clock,
    Timing timing,
    Predicate<String> present,
    Metrics metrics,
    Consumer<String> failed) {

  /**
   * How long things take at most, from {@code cambrian.actors} in the configuration.
   *
   * @param lease a worker that was not heard of for so long is lost
   * @param heartbeat how often a worker is heard of
   * @param tick how often leases and acknowledgements are looked at
   * @param retry how long to wait for an answer before asking again
   * @param noWork how long a worker waits where there is nothing to do
   * @param weightsAge younger weights are never deleted
   * @param collectEvery so many deaths and failures, the weights that nothing names are deleted
   * @param snapshotEvery so many events
   * @param trainingLimit a training that takes longer hangs, and fails
   */
  record Timing(
      Duration lease,
      Duration heartbeat,
      Duration tick,
      Duration retry,
      Duration noWork,
      Duration weightsAge,
      int collectEvery,
      int snapshotEvery,
      Duration trainingLimit) {

    /** What a configuration says under {@code cambrian.actors}. */
    static Timing of(Config config) {
      Config actors = config.getConfig("cambrian.actors");
      return new Timing(
          actors.getDuration("lease"),
          actors.getDuration("heartbeat"),
          actors.getDuration("tick"),
          actors.getDuration("retry"),
          actors.getDuration("no-work"),
          actors.getDuration("weights-age"),
          actors.getInt("collect-every"),
          actors.getInt("snapshot-every"),
          actors.getDuration("training-limit"));
    }
  }
}
