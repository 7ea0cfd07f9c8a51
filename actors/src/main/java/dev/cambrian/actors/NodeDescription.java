package dev.cambrian.actors;

import dev.cambrian.persistence.ExperimentSettings;
import java.time.Instant;
import java.util.Set;

/**
 * What a node says of itself when it wants to take part.
 *
 * @param node its name
 * @param version of the program
 * @param experiment the name of the one that it means
 * @param sharedJournal whether its journal is one that several nodes can open
 * @param now by its clock
 */
record NodeDescription(
    String node,
    String version,
    String experiment,
    ExperimentSettings settings,
    Set<NodeRole> roles,
    boolean sharedJournal,
    Instant now)
    implements CborMessage {}
