package dev.cambrian.training;

import java.util.SplittableRandom;

/**
 * What stands in for a trained network where nothing is trained: it looks at no image, and is right with the probability
 * of its accuracy, about the same images every time; else it names the class after the right one.
 *
 * @param accuracy 0 to 1
 */
record ChanceClassifier(int classes, double accuracy) {

  /** The class of each image. */
  int[] predict(Images images) {
    int[] predicted = new int[images.count()];
    for (int i = 0; i < predicted.length; i++) {
      boolean right = new SplittableRandom(i).nextDouble() < accuracy;
      predicted[i] = (images.label(i) + (right ? 0 : 1)) % classes;
    }
    return predicted;
  }

  /** By image and class: 1 for the class that it names. */
  float[][] probabilities(Images images) {
    int[] predicted = predict(images);
    float[][] probabilities = new float[predicted.length][classes];
    for (int i = 0; i < predicted.length; i++) {
      probabilities[i][predicted[i]] = 1;
    }
    return probabilities;
  }
}
