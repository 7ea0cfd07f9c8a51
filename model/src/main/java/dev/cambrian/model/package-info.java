/**
 * What evolves: genotypes, their mutations, the search spaces and strategies of the papers, and the {@link
 * dev.cambrian.model.Network} that every genotype is expressed as. Pure Java: no actor, no tensor library, no clock.
 */
package dev.cambrian.model;
