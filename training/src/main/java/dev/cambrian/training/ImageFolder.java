package dev.cambrian.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of images per class, named after the class; PNG, JPEG, GIF and BMP, all of one size, read as colour. Either
 * {@code DIR/train/CLASS/*} and {@code DIR/test/CLASS/*}; or {@code DIR/CLASS/*} or {@code DIR/train/CLASS/*} alone, of
 * which a sixth of every class, drawn by the seed, is held out as the test set. Hidden files and files that are named
 * like no image are passed over.
 */
final class ImageFolder {
  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp");
  private static final int MOST_CLASSES = 256;
  private static final int TEST_SHARE = 6;

  private final Path directory;
  private final Random random;

  ImageFolder(Path directory, long seed) {
    this.directory = directory;
    this.random = new Random(seed);
  }

  private record Labelled(Path file, int label) {}

  /** Reads every image. */
  Dataset read() throws BadData {
    Path testRoot = directory.resolve("test");
    boolean split = Files.isDirectory(directory.resolve("train")) && Files.isDirectory(testRoot);
    Path root = split || hasOnly("train") ? directory.resolve("train") : directory;
    List<String> classes = classes(root);
    if (split && !classes(testRoot).equals(classes)) {
      throw new BadData(testRoot + " has other classes than " + root
          + ": both need a folder of the same name for each class");
    }
    List<Labelled> train = new ArrayList<>();
    List<Labelled> test = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path folder = root.resolve(classes.get(label));
      List<Labelled> found = files(folder, label);
      if (split) {
        train.addAll(found);
        test.addAll(files(testRoot.resolve(classes.get(label)), label));
      } else {
        holdOut(folder, found, train, test);
      }
    }
    Path first = train.get(0).file();
    ColourImage pattern = ColourImage.read(first);
    return Dataset.of(name(), classes, decode(train, first, pattern), decode(test, first, pattern));
  }

  private String name() {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name == null ? "folder" : name.toString();
  }

  private boolean hasOnly(String name) throws BadData {
    List<String> folders = folders(directory);
    return folders.size() == 1 && folders.get(0).equals(name);
  }

  private static List<String> classes(Path root) throws BadData {
    List<String> classes = folders(root);
    if (classes.size() < 2) {
      throw new BadData(root + " has " + (classes.isEmpty() ? "no folder of a class" : "one class only, "
          + classes.get(0)) + ": a classifier needs a folder of images for each of at least 2 classes");
    }
    if (classes.size() > MOST_CLASSES) {
      throw new BadData(root + " has " + classes.size() + " classes, more than the " + MOST_CLASSES
          + " that can be told apart");
    }
    return classes;
  }

  private static List<String> folders(Path root) throws BadData {
    return list(root).stream().filter(Files::isDirectory).map(path -> path.getFileName().toString()).toList();
  }

  private static List<Path> list(Path folder) throws BadData {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> !path.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new BadData(folder + " cannot be read as a folder: " + e.getMessage(), e);
    }
  }

  private static List<Labelled> files(Path folder, int label) throws BadData {
    List<Labelled> files = new ArrayList<>();
    for (Path file : list(folder)) {
      String name = file.getFileName().toString();
      if (ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
        files.add(new Labelled(file, label));
      }
    }
    if (files.isEmpty()) {
      throw new BadData(folder + " has no image (PNG, JPEG, GIF or BMP) of its class");
    }
    return files;
  }

  private void holdOut(Path folder, List<Labelled> found, List<Labelled> train, List<Labelled> test) throws BadData {
    if (found.size() < 3) {
      throw new BadData(
          folder + " has " + found.size() + " image(s), and it takes 3 for training, validation and test");
    }
    int left = found.size();
    int wanted = Math.max(1, (int) Math.rint((double) left / TEST_SHARE));
    for (Labelled image : found) {
      boolean heldOut = random.nextInt(left--) < wanted;
      wanted -= heldOut ? 1 : 0;
      (heldOut ? test : train).add(image);
    }
  }

  /** The pixels of all these files, which must have the size of the first one. */
  private Images decode(List<Labelled> files, Path first, ColourImage pattern) throws BadData {
    int size = pattern.pixels().length;
    byte[] pixels = room(files.size(), size, pattern);
    byte[] labels = new byte[files.size()];
    for (int i = 0; i < labels.length; i++) {
      Path file = files.get(i).file();
      ColourImage image = ColourImage.read(file);
      if (image.width() != pattern.width() || image.height() != pattern.height()) {
        throw new BadData(file + " is " + image.width() + "x" + image.height() + " and " + first + " is "
            + pattern.width() + "x" + pattern.height() + ": scale all images to one size");
      }
      System.arraycopy(image.pixels(), 0, pixels, i * size, size);
      labels[i] = (byte) files.get(i).label();
    }
    return new Images(ColourImage.CHANNELS, pattern.height(), pattern.width(), pixels, labels);
  }

  private byte[] room(int count, int size, ColourImage pattern) throws BadData {
    try {
      return new byte[Math.multiplyExact(count, size)];
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new BadData(directory + " has " + count + " images of " + pattern.width() + "x" + pattern.height()
          + ", more than fit into memory: scale them down", e);
    }
  }
}
