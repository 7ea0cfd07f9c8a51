package dev.cambrian.training;

/**
 * What evolution may see of a data set: the training and validation images, and how pixels become numbers. The test set
 * is not part of it.
 *
 * @param mean of the training pixels, per channel, in 0 to 1
 * @param standardDeviation of the training pixels, per channel, in 0 to 1, never 0
 */
public record Split(Images training, Images validation, int classes, float[] mean, float[] standardDeviation) {}
