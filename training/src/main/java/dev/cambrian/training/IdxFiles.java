package dev.cambrian.training;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  /** One part as its files have it; the images' labels are those of the file. */
  private record Part(Path labelsFile, Images images) {}

  /** The data set whose files are in this directory; a class is a label that some training image has. */
  static Dataset read(Path directory) throws BadData {
    Part train = read(directory, "train");
    Part test = read(directory, "t10k|test");
    if (train.images().width() != test.images().width() || train.images().height() != test.images().height()) {
      throw new BadData("the images in " + directory + " are " + size(train.images()) + " for training and "
          + size(test.images()) + " for the test: they must be of one size");
    }
    int[] labels = IntStream.range(0, train.images().count()).map(train.images()::label).distinct().sorted().toArray();
    if (labels.length < 2) {
      throw new BadData("every label in " + train.labelsFile() + " is " + labels[0]
          + ": a classifier needs at least 2 classes");
    }
    return Dataset.of("idx", IntStream.of(labels).mapToObj(Integer::toString).toList(), classified(train, labels),
        classified(test, labels));
  }

  /** The images with class indices for labels: some sets number their classes from 1, or leave numbers out. */
  private static Images classified(Part part, int[] labels) throws BadData {
    Images images = part.images();
    byte[] classes = new byte[images.count()];
    for (int i = 0; i < classes.length; i++) {
      int index = Arrays.binarySearch(labels, images.label(i));
      if (index < 0) {
        throw new BadData(part.labelsFile() + " says that image " + i + " is of class " + images.label(i)
            + ", which no training image is of");
      }
      classes[i] = (byte) index;
    }
    return new Images(images.channels(), images.height(), images.width(), images.pixels(), classes);
  }

  private static String size(Images images) {
    return images.width() + "x" + images.height();
  }

  private static Part read(Path directory, String part) throws BadData {
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
    byte[] pixels = Arrays.copyOfRange(images, header(3), images.length);
    byte[] classes = Arrays.copyOfRange(labels, header(1), labels.length);
    return new Part(labelsFile, new Images(1, imageSizes[1], imageSizes[2], pixels, classes));
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
    boolean zipped = bytes.length > 1 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
    if (!zipped && !file.getFileName().toString().endsWith(".gz")) {
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
    int header = header(dimensions);
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

  /** The bytes before the data: the magic number and the sizes. */
  private static int header(int dimensions) {
    return 4 + 4 * dimensions;
  }
}
