package dev.cambrian.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kinds of data sets that can be read or generated, by the word that a user gives. */
public final class Datasets {

  /** Every kind, in the order in which they are listed to people. */
  public static final List<String> KINDS = List.of("shapes", "cifar10", "cifar100", "idx", "folder");

  private Datasets() {}

  /**
   * Reads or generates a data set.
   *
   * @param kind one of {@link #KINDS}
   * @param directory where its files are; not looked at for {@code shapes}, where it may be null
   * @param seed decides the images of {@code shapes} and, for a {@code folder} without a test set, which images are
   *     held out as one; the others are what their files say
   * @throws BadData where the data cannot be used as they are
   */
  public static Dataset load(String kind, Path directory, long seed) throws BadData {
    if (!KINDS.contains(kind)) {
      throw new BadData("there is no kind of data set '" + kind + "': it is one of " + String.join(", ", KINDS));
    }
    if (kind.equals("shapes")) {
      return new Shapes(seed).generate();
    }
    if (directory == null) {
      throw new BadData("a data set of kind " + kind + " needs the directory that its files are in");
    }
    if (!Files.isDirectory(directory)) {
      throw new BadData(directory + (Files.exists(directory) ? " is not a directory" : " does not exist")
          + ": no data to read there");
    }
    return switch (kind) {
      case "cifar10" -> CifarBinary.CIFAR_10.read(directory);
      case "cifar100" -> CifarBinary.CIFAR_100.read(directory);
      case "idx" -> IdxFiles.read(directory);
      default -> new ImageFolder(directory, seed).read();
    };
  }
}
