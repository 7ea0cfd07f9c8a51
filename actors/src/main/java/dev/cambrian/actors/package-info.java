/**
 * Who does it, when, and where: the population (the spine), the individuals (the biographies), the workers with their
 * device slots, leases, and the one-node cluster that carries them. {@link dev.cambrian.actors.EvolutionNode} is the
 * way in.
 */
package dev.cambrian.actors;
