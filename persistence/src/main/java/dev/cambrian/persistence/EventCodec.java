package dev.cambrian.persistence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Events as versioned Jackson CBOR, both ways. The tables give every event the name under which it is written; the name
 * stays when the class is renamed or moved, and the version counts the changes of its fields.
 */
public final class EventCodec {
  private EventCodec() {}

  static final EventSchema<PopulationEvent> POPULATION = new EventSchema<>(List.of(
      new EventType<>(
          "experiment-started", PopulationEvent.ExperimentStarted.class, List.of(EventCodec::keepsTheAlive)),
      EventType.first("resumed", PopulationEvent.Resumed.class),
      EventType.first("initial-assigned", PopulationEvent.InitialAssigned.class),
      EventType.first("tournament-held", PopulationEvent.TournamentHeld.class),
      EventType.first("reassigned", PopulationEvent.Reassigned.class),
      EventType.first("child-trained", PopulationEvent.ChildTrained.class),
      EventType.first("child-failed", PopulationEvent.ChildFailed.class),
      EventType.first("weights-collected", PopulationEvent.WeightsCollected.class),
      EventType.first("test-read", PopulationEvent.TestRead.class),
      EventType.first("loss-accepted", PopulationEvent.LossAccepted.class),
      EventType.first("settings-changed", PopulationEvent.SettingsChanged.class),
      EventType.first("paused", PopulationEvent.Paused.class),
      EventType.first("unpaused", PopulationEvent.Unpaused.class),
      EventType.first("weights-reset", PopulationEvent.WeightsReset.class),
      EventType.first("kills-acknowledged", PopulationEvent.KillsAcknowledged.class),
      EventType.first("moment-pinned", PopulationEvent.MomentPinned.class),
      EventType.first("moment-unpinned", PopulationEvent.MomentUnpinned.class),
      EventType.first("forked", PopulationEvent.Forked.class)));

  static final EventSchema<IndividualEvent> INDIVIDUAL = new EventSchema<>(List.of(
      EventType.first("conceived", IndividualEvent.Conceived.class),
      EventType.first("attempt-fenced", IndividualEvent.AttemptFenced.class),
      EventType.first("trained", IndividualEvent.Trained.class),
      EventType.first("failed", IndividualEvent.Failed.class),
      EventType.first("individual-weights-reset", IndividualEvent.WeightsReset.class),
      EventType.first("killed", IndividualEvent.Killed.class)));

  /**
   * The event's bytes: its type's name, the version of its fields, and its fields.
   *
   * @throws IllegalArgumentException where it is no {@link PopulationEvent} or {@link IndividualEvent}
   */
  public static byte[] encode(Object event) {
    return schema(event).encode(event);
  }

  /** The name under which events of this type are written, e.g. {@code "child-trained"}. */
  public static String name(Object event) {
    return schema(event).typeOf(event).name();
  }

  /** The fields of an event, as they are written. */
  public static ObjectNode fields(Object event) {
    return schema(event).fields(event);
  }

  private static EventSchema<?> schema(Object event) {
    return event instanceof IndividualEvent ? INDIVIDUAL : POPULATION;
  }

  /**
   * The spine's event of these bytes.
   *
   * @throws IllegalArgumentException with one sentence where they are none that this version of Cambrian can read
   */
  public static PopulationEvent decodePopulation(byte[] bytes) {
    return POPULATION.decode(bytes);
  }

  /**
   * The biography's event of these bytes.
   *
   * @throws IllegalArgumentException with one sentence where they are none that this version of Cambrian can read
   */
  public static IndividualEvent decodeIndividual(byte[] bytes) {
    return INDIVIDUAL.decode(bytes);
  }

  /** Version 1 knew no other way than to keep what the living need. */
  private static ObjectNode keepsTheAlive(ObjectNode fields) {
    ObjectNode next = fields.deepCopy();
    ((ObjectNode) next.get("settings")).put("keep", "alive");
    return next;
  }
}
