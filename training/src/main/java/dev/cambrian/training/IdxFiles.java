package dev.cambrian.training;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * MNIST and its kin in the IDX layout, gzip or not: a header of big-endian integers (a magic number that tells type and
 * dimensions, then the sizes), then unsigned bytes. Four files: images and labels, each for training ("train") and test
 * ("t10k" or "test"), e.g. {@code train-images-idx3-ubyte.gz}. Images are grey: one channel.
 */
final class IdxFiles {
  private static final int IMAGES_MAGIC = 0x00000803;
  private static final int LABELS_MAGIC = 0x00000801;

  private IdxFiles() {}

  /** The data set whose files are in this directory. */
  static Dataset read(Path directory) throws BadData {
    Images train = read(directory, "train");
    Images test = read(directory, "t10k|test");
    if (train.width() != test.width() || train.height() != test.height()) {
      throw new BadData("the images in " + directory + " are " + train.width() + "x" + train.height()
          + " for training and " + test.width() + "x" + test.height() + " for the test: they must be of one size");
    }
    int classes = 1 + Math.max(largestLabel(train), largestLabel(test));
    if (classes < 2) {
      throw new BadData("all labels in " + directory + " are 0: a classifier needs at least 2 classes");
    }
    return Dataset.of("idx", IntStream.range(0, classes).mapToObj(Integer::toString).toList(), train, test);
  }

  private static Images read(Path directory, String part) throws BadData {
    Path imagesFile = find(directory, part, "images", "3");
    Path labelsFile = find(directory, part, "labels", "1");
    byte[] images = content(imagesFile);
    byte[] labels = content(labelsFile);
    int[] imageSizes = sizes(imagesFile, images, IMAGES_MAGIC, 3);
    int[] labelSizes = sizes(labelsFile, labels, LABELS_MAGIC, 1);
    if (imageSizes[0] != labelSizes[0]) {
      throw new BadData(imagesFile + " has " + imageSizes[0] + " images, and " + labelsFile + " has " + labelSizes[0]
          + " labels: they do not belong together");
    }
    byte[] pixels = new byte[images.length - 16];
    System.arraycopy(images, 16, pixels, 0, pixels.length);
    byte[] classes = new byte[labels.length - 8];
    System.arraycopy(labels, 8, classes, 0, classes.length);
    return new Images(1, imageSizes[1], imageSizes[2], pixels, classes);
  }

  private static Path find(Path directory, String part, String what, String dimensions) throws BadData {
    Pattern name = Pattern.compile("(.*-)?(" + part + ")-" + what + "[-.]idx" + dimensions + "-ubyte(\\.gz)?");
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found =
          files.filter(file -> name.matcher(file.getFileName().toString()).matches()).sorted().toList();
      if (found.isEmpty()) {
        throw new BadData(directory + " has no file named like " + part.replaceAll("\\|.*", "") + "-" + what + "-idx"
            + dimensions + "-ubyte, gzip or not");
      }
      if (found.size() > 1) {
        throw new BadData(directory + " has both " + found.get(0).getFileName() + " and " + found.get(1).getFileName()
            + ": leave only one of them there");
      }
      return found.get(0);
    } catch (IOException e) {
      throw new BadData(directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static byte[] content(Path file) throws BadData {
    byte[] bytes = DataFiles.read(file);
    if (!file.getFileName().toString().endsWith(".gz")) {
      return bytes;
    }
    try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return unzipped.readAllBytes();
    } catch (IOException e) {
      throw new BadData(file + " is broken as a gzip file (" + e.getMessage() + "): fetch it again", e);
    }
  }

  /** The sizes of the header's dimensions, checked against the file's own. */
  private static int[] sizes(Path file, byte[] bytes, int magic, int dimensions) throws BadData {
    int header = 4 + 4 * dimensions;
    if (bytes.length < header) {
      throw new BadData(file + " has " + bytes.length + " bytes, too few for an IDX header: fetch it again");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int found = buffer.getInt();
    if (found != magic) {
      throw new BadData(String.format("%s begins with %08x where an IDX file of %s begins with %08x", file, found,
          dimensions == 3 ? "images" : "labels", magic));
    }
    int[] sizes = new int[dimensions];
    long expected = 1;
    for (int i = 0; i < dimensions; i++) {
      sizes[i] = buffer.getInt();
      if (sizes[i] < 1 || (expected *= sizes[i]) > Integer.MAX_VALUE) {
        throw new BadData(file + " says that its dimension " + i + " has size " + sizes[i] + ", which cannot be");
      }
    }
    if (bytes.length - header != expected) {
      throw new BadData(file + " has " + (bytes.length - header) + " bytes after its header where the header tells of "
          + expected + ": fetch it again");
    }
    return sizes;
  }

  private static int largestLabel(Images images) {
    return IntStream.range(0, images.count()).map(images::label).max().orElse(0);
  }
}
