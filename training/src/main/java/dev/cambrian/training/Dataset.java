package dev.cambrian.training;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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

  /** The set of these images, with its checksum. */
  public static Dataset of(String name, List<String> classes, Images train, Images test) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Images images : List.of(train, test)) {
        ByteBuffer size = ByteBuffer.allocate(16);
        size.putInt(images.count()).putInt(images.height()).putInt(images.width()).putInt(images.channels());
        digest.update(size.array());
        digest.update(images.pixels());
        digest.update(images.labels());
      }
      return new Dataset(name, HexFormat.of().formatHex(digest.digest()), classes, train, test);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
