package dev.cambrian.training;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What stands in for a trained network where nothing is trained: it looks at no image, and is right with the probability
 * of its accuracy, about the same images every time; else it names the class after the right one.
 *
 * @param accuracy 0 to 1
 */
record ChanceClassifier(int classes, double accuracy) {

  /** All of the probability is its class's. */
  ClassScores scores(Images images) {
    float[] scores = new float[images.count() * classes];
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < images.count(); i++) {
      boolean right = new SplittableRandom(i).nextDouble() < accuracy;
      scores[i * classes + (images.label(i) + (right ? 0 : 1)) % classes] = 0;
    }
    return new ClassScores(classes, scores);
  }
}
