package dev.cambrian.actors;

import dev.cambrian.model.SearchSpace;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Split;
import dev.cambrian.training.WeightStore;
import java.time.Clock;

/**
 * What a node evolves and trains with. Owned by the caller, who closes the engine after the node was stopped.
 *
 * @param data what evolution may see of the data; the test set is no part of it
 */
public record Equipment(
    SearchSpace<?> space, Engine engine, WeightStore store, Split data, Clock clock) {}
