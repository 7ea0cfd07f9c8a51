/**
 * What happened: the events of a population (the spine) and of its individuals (the biographies), their Jackson schema
 * and its evolution, the chain that makes a loss visible, and the embedded journal's soundness check. Knows genotypes
 * as JSON and weights as hashes; knows nothing of training.
 */
package dev.cambrian.persistence;
