package dev.cambrian.training;

import java.util.List;

/**
 * A labelled set as it was found: the images meant for training and the test set beside them.
 *
 * @param name for people, e.g. {@code "cifar10"}
 * @param checksum SHA-256 (hex) over images and labels in order: two nodes with different data differ here
 * @param classes names, by class index
 * @param train images to be split into training and validation
 * @param test read once per reported model; evolution and training never see it
 */
public record Dataset(String name, String checksum, List<String> classes, Images train, Images test) {
  public Dataset {
    classes = List.copyOf(classes);
  }
}
