package dev.cambrian.app;

import java.util.OptionalDouble;

/**
 * The best individual of an experiment by validation accuracy, as it is reported.
 *
 * @param fitness validation accuracy, 0 to 1
 * @param testAccuracy 0 to 1; empty as long as the test set was not read for it
 * @param parameters trained values
 * @param flops of its own training and validation
 * @param generation 0 for an initial individual
 * @param network the file of its network, JSON
 * @param weights the file of its weights, safetensors
 * @param architecture its network, drawn as text
 */
record BestModel(
    String experiment,
    long individual,
    double fitness,
    OptionalDouble testAccuracy,
    long parameters,
    double flops,
    int generation,
    String network,
    String weights,
    String architecture) {}
