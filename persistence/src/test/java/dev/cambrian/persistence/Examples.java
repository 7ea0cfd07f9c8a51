package dev.cambrian.persistence;

import dev.cambrian.model.MutationKind;
import dev.cambrian.model.MutationSettings;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** One event of every type, with every field set to something that a mistake would change. */
final class Examples {
  private Examples() {}

  private static final Instant AT = Instant.parse("2017-03-06T10:11:12.345678901Z");
  private static final StreamHead BIOGRAPHY = new StreamHead(3, "ab".repeat(32));
  private static final MutationSettings MUTATION =
      new MutationSettings(5, Map.of(MutationKind.ADD_SKIP, 0.25, MutationKind.RESET_WEIGHTS, 0.0));

  static final ExperimentSettings SETTINGS = new ExperimentSettings(
      -42,
      "graph",
      "tournament",
      1000,
      MutationSettings.paper(),
      true,
      new ExperimentSettings.Training(
          "libtorch", 25_600, 50, 0.9, 1e-4, "fp32", true, 40_000_000L, 4096, 1e17),
      new ExperimentSettings.Data("cifar10", "data/cifar-10-batches-bin", "cd".repeat(32), 7),
      "lineage");

  /** As version 1 of the first event has them. */
  static final ExperimentSettings FIRST_SETTINGS = new ExperimentSettings(SETTINGS.seed(), SETTINGS.space(),
      SETTINGS.strategy(), SETTINGS.population(), SETTINGS.mutation(), SETTINGS.inheritance(), SETTINGS.training(),
      SETTINGS.data(), "alive");

  /** The events by the name of their golden file. */
  static Map<String, Object> byName() {
    Map<String, Object> examples = new LinkedHashMap<>();
    examples.put("experiment-started", new PopulationEvent.ExperimentStarted(AT, "c10", SETTINGS));
    examples.put("resumed", new PopulationEvent.Resumed(AT));
    examples.put("initial-assigned", new PopulationEvent.InitialAssigned(AT, 1, Long.MIN_VALUE, "node-1/cpu/0"));
    examples.put("tournament-held", new PopulationEvent.TournamentHeld(
        AT, 7, 9, OptionalLong.of(7), OptionalLong.of(9), 12, 1L << 53, MUTATION, "node-1/cpu/1"));
    examples.put("tournament-held-killed-only", new PopulationEvent.TournamentHeld(
        AT, 7, 9, OptionalLong.of(7), OptionalLong.empty(), 0, 0, MutationSettings.paper(), ""));
    examples.put("reassigned", new PopulationEvent.Reassigned(AT, 12, 2, "node-2/cuda:0/0"));
    examples.put("child-trained", new PopulationEvent.ChildTrained(
        AT, 12, 2, 0.9417999982833862, "ef".repeat(32), 1.5e15, 5_400_000L, BIOGRAPHY));
    examples.put("child-failed", new PopulationEvent.ChildFailed(
        AT, 13, 1, "DIVERGED", "the loss is NaN after 12 steps — «größer»", 0.1, BIOGRAPHY));
    examples.put("weights-collected", new PopulationEvent.WeightsCollected(AT, List.of("ef".repeat(32), "")));
    examples.put("test-read", new PopulationEvent.TestRead(AT, 12, 0.946));
    examples.put("loss-accepted",
        new PopulationEvent.LossAccepted(AT, "events 5 to 9 of the spine", List.of(7L, 1L << 40)));
    examples.put("settings-changed", new PopulationEvent.SettingsChanged(
        AT, "request-1", "mutation.filter-size", "2.0", SETTINGS));
    examples.put("paused", new PopulationEvent.Paused(AT, "request-2"));
    examples.put("unpaused", new PopulationEvent.Unpaused(AT, ""));
    examples.put("weights-reset", new PopulationEvent.WeightsReset(AT, "request-3"));
    examples.put("kills-acknowledged", new PopulationEvent.KillsAcknowledged(AT, List.of(7L, 1L << 40)));
    examples.put("moment-pinned", new PopulationEvent.MomentPinned(AT, "request-4", 321, List.of("ef".repeat(32))));
    examples.put("moment-unpinned", new PopulationEvent.MomentUnpinned(AT, "request-5", 321));
    examples.put("forked", new PopulationEvent.Forked(AT, "c10-fork", "c10", 321, SETTINGS));
    examples.put("conceived", new IndividualEvent.Conceived(AT, 12, OptionalLong.of(9), 4,
        List.of(MutationKind.INSERT_CONVOLUTION, MutationKind.IDENTITY), "{\"version\":1}", true, 270_000L));
    examples.put("conceived-initial", new IndividualEvent.Conceived(
        AT, 1, OptionalLong.empty(), 0, List.of(), "{\"version\":1}", false, 30_730L));
    examples.put("attempt-fenced", new IndividualEvent.AttemptFenced(AT, 3));
    examples.put("trained", new IndividualEvent.Trained(AT, 3, 0.5, "01".repeat(32), 2e12,
        List.of(new IndividualEvent.CurvePoint(100, 2.3025851249694824, 0.1),
            new IndividualEvent.CurvePoint(200, Double.MIN_VALUE, 1)), 61_234, "node-1/cpu/0"));
    examples.put("failed", new IndividualEvent.Failed(AT, 1, "TOO_LARGE", "50,000,000 parameters", 0, "node-1/cpu/0"));
    examples.put("individual-weights-reset", new IndividualEvent.WeightsReset(AT, 4, 322));
    examples.put("killed", new IndividualEvent.Killed(AT, 321));
    return examples;
  }

  static byte[] encode(Object event) {
    return EventCodec.encode(event);
  }

  static Object decode(Object like, byte[] bytes) {
    return like instanceof PopulationEvent
        ? EventCodec.decodePopulation(bytes)
        : EventCodec.decodeIndividual(bytes);
  }
}
