package dev.cambrian.training;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CIFAR-10 and CIFAR-100 in their official binary layout: a record is one label byte (CIFAR-100: a coarse, then a fine
 * one, of which the fine counts) and 3,072 bytes, the red, green and blue planes of 32x32 pixels, row by row.
 *
 * @param name of the data set
 * @param trainFiles in the order in which they are read
 * @param testFile read as the test set
 * @param namesFile one class name a line; where it is missing, {@code names} hold
 * @param names of the classes, as published, or their numbers
 * @param labelBytes before each image; the last one is the label
 * @param trainRecords in each training file; a file of another size is a broken download
 * @param testRecords in the test file
 */
record CifarBinary(
    String name,
    List<String> trainFiles,
    String testFile,
    String namesFile,
    List<String> names,
    int labelBytes,
    int trainRecords,
    int testRecords) {

  static final CifarBinary CIFAR_10 = new CifarBinary(
      "cifar10",
      IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList(),
      "test_batch.bin",
      "batches.meta.txt",
      List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
      1,
      10_000,
      10_000);

  static final CifarBinary CIFAR_100 = new CifarBinary(
      "cifar100",
      List.of("train.bin"),
      "test.bin",
      "fine_label_names.txt",
      IntStream.range(0, 100).mapToObj(Integer::toString).toList(),
      2,
      50_000,
      10_000);

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int CHANNELS = 3;

  /** The data set whose files are in this directory. */
  Dataset read(Path directory) throws BadData {
    List<String> classes = readNames(directory.resolve(namesFile));
    Images train = empty(trainFiles.size() * trainRecords);
    for (int i = 0; i < trainFiles.size(); i++) {
      readRecords(directory.resolve(trainFiles.get(i)), trainRecords, train, i * trainRecords);
    }
    Images test = empty(testRecords);
    readRecords(directory.resolve(testFile), testRecords, test, 0);
    return Dataset.of(name, classes, train, test);
  }

  private static Images empty(int count) {
    return new Images(CHANNELS, SIDE, SIDE, new byte[count * PLANE * CHANNELS], new byte[count]);
  }

  private List<String> readNames(Path file) throws BadData {
    if (!Files.exists(file)) {
      return names;
    }
    List<String> found = new ArrayList<>();
    for (String line : new String(DataFiles.read(file), StandardCharsets.UTF_8).split("\n")) {
      if (!line.isBlank()) {
        found.add(line.strip());
      }
    }
    if (found.size() != names.size()) {
      throw new BadData(
          file + " has " + found.size() + " class names, and " + name + " has " + names.size() + " classes");
    }
    return found;
  }

  /** Fills the images from {@code first} on with the file's records. */
  private void readRecords(Path file, int records, Images images, int first) throws BadData {
    int record = labelBytes + CHANNELS * PLANE;
    byte[] bytes = DataFiles.read(file);
    if (bytes.length != records * record) {
      throw new BadData(file + " has " + bytes.length + " bytes where " + name + "'s binary layout has "
          + records * record + ": fetch it again");
    }
    for (int r = 0; r < records; r++) {
      int at = r * record + labelBytes;
      int label = bytes[at - 1] & 0xff;
      if (label >= names.size()) {
        throw new BadData(file + " says that image " + r + " is of class " + label + ", and the classes of " + name
            + " are 0 to " + (names.size() - 1));
      }
      images.labels()[first + r] = (byte) label;
      interleave(bytes, at, images.pixels(), (first + r) * PLANE * CHANNELS);
    }
  }

  /** Planes of colour become pixels of colour. */
  private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    for (int i = 0; i < PLANE; i++) {
      for (int c = 0; c < CHANNELS; c++) {
        pixels[to + i * CHANNELS + c] = planes[from + c * PLANE + i];
      }
    }
  }
}
