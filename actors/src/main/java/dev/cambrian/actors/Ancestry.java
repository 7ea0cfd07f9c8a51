package dev.cambrian.actors;

import dev.cambrian.persistence.IndividualEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A population with all ancestors of its living, its best and its children in training, back to initial individuals.
 * The population itself knows only parents; biographies tell the rest.
 *
 * @param individuals how many they are
 * @param weights theirs
 */
public record Ancestry(int individuals, Set<String> weights) {

  /** What one biography tells of it; without parent and weights where there is none. */
  public record Life(OptionalLong parent, Optional<String> weights) {

    static Life of(Biography biography) {
      return new Life(
          biography.conceived().map(IndividualEvent.Conceived::parent).orElse(OptionalLong.empty()),
          biography.trained().map(IndividualEvent.Trained::weights));
    }

    /** That of a biography's events; weights from before a reset do not count. */
    public static Life of(List<IndividualEvent> biography) {
      OptionalLong parent = OptionalLong.empty();
      Optional<String> weights = Optional.empty();
      for (IndividualEvent event : biography) {
        if (event instanceof IndividualEvent.Conceived made) {
          parent = made.parent();
        } else if (event instanceof IndividualEvent.Trained trained) {
          weights = Optional.of(trained.weights());
        } else if (event instanceof IndividualEvent.WeightsReset) {
          weights = Optional.empty();
        }
      }
      return new Life(parent, weights);
    }
  }

  /** Where biographies are found. */
  @FunctionalInterface
  public interface Lives {
    Life of(long individual) throws Exception;
  }

  /** Follows the parents; every individual is asked for once. */
  public static Ancestry of(PopulationState population, Lives lives) throws Exception {
    Deque<Long> open = new ArrayDeque<>();
    Set<Long> known = new HashSet<>();
    Set<String> weights = new HashSet<>();
    population.living().forEach(alive -> open.add(alive.id()));
    population.best().ifPresent(best -> open.add(best.id()));
    population.children().values().forEach(child -> {
      open.add(child.id());
      child.parent().ifPresent(open::add);
    });
    while (!open.isEmpty()) {
      long id = open.remove();
      if (known.add(id)) {
        Life life = lives.of(id);
        life.weights().ifPresent(weights::add);
        life.parent().ifPresent(open::add);
      }
    }
    return new Ancestry(known.size(), weights);
  }
}
