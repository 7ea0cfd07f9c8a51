package dev.cambrian.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cambrian.model.MutationSettings;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KnownIndividualsTest {
  private static final Instant AT = Instant.parse("2018-02-05T00:00:00Z");
  private static final IndividualEvent CONCEIVED =
      new IndividualEvent.Conceived(AT, 1, OptionalLong.empty(), 0, List.of(), "{}", false, 10);

  private final KnownIndividuals known = new KnownIndividuals();

  @BeforeEach
  void assigned() {
    known.add(new PopulationEvent.ExperimentStarted(AT, Story.EXPERIMENT, Examples.SETTINGS));
    known.add(new PopulationEvent.InitialAssigned(AT, 1, 7, "worker"));
  }

  private static IndividualEvent trained(int attempt) {
    return new IndividualEvent.Trained(AT, attempt, 0.5, "a".repeat(64), 1, List.of(), 1, "worker");
  }

  private void told(int attempt, long sequence) {
    known.add(new PopulationEvent.ChildTrained(
        AT, 1, attempt, 0.5, "a".repeat(64), 1, 10, new StreamHead(sequence, "b".repeat(64))));
  }

  @Test
  void inTraining_itsResultIsPossibleButNotTold() {
    List<IndividualEvent> biography = List.of(CONCEIVED, trained(1), new IndividualEvent.Killed(AT, 9));
    assertEquals(2, known.possible(1, biography));
    assertEquals(1, known.told(1, biography));
  }

  @Test
  void attempt_belongsOnceItWasAssigned() {
    List<IndividualEvent> biography = List.of(CONCEIVED, new IndividualEvent.AttemptFenced(AT, 2), trained(2));
    assertEquals(1, known.told(1, biography));
    known.add(new PopulationEvent.Reassigned(AT, 1, 2, "worker"));
    assertEquals(2, known.told(1, biography));
    told(2, 3);
    assertEquals(3, known.told(1, biography));
  }

  @Test
  void death_belongsOnceItWasDecided() {
    told(1, 2);
    List<IndividualEvent> biography = List.of(CONCEIVED, trained(1), new IndividualEvent.Killed(AT, 4));
    assertEquals(2, known.told(1, biography));
    known.add(new PopulationEvent.TournamentHeld(AT, 1, 2, OptionalLong.of(1), OptionalLong.empty(), 0, 0,
        MutationSettings.paper(), ""));
    assertEquals(3, known.told(1, biography));
    assertEquals(3, known.possible(1, biography));
  }

  /** What a worker had not reported before the reset was lost with it; so is what it has not reported since. */
  @Test
  void reset_opensTheBiographyAgain() {
    IndividualEvent reset = new IndividualEvent.WeightsReset(AT, 2, 3);
    List<IndividualEvent> biography = List.of(CONCEIVED, trained(1), reset, trained(2));
    known.add(new PopulationEvent.WeightsReset(AT, ""));
    assertEquals(1, known.told(1, biography));
    known.add(new PopulationEvent.Reassigned(AT, 1, 2, "worker"));
    assertEquals(3, known.told(1, biography));
    told(2, 4);
    assertEquals(4, known.told(1, biography));
  }

  @Test
  void whoWasNeverConceived_hasNoPast() {
    assertEquals(0, known.told(2, List.of(CONCEIVED)));
    assertEquals(0, known.possible(2, List.of(CONCEIVED)));
  }
}
