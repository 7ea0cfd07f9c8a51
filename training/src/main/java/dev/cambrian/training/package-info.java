/**
 * How one individual is trained: data sets and augmentation, the engines, and weights with their store. Knows networks,
 * not genotypes; knows nothing of actors.
 */
package dev.cambrian.training;
