package dev.cambrian.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A folder of images per class, named after the class; PNG, JPEG, GIF and BMP, all of one size, read as colour. Either
 * {@code DIR/train/CLASS/*} and {@code DIR/test/CLASS/*}, or {@code DIR/CLASS/*}, of which a sixth of every class, drawn by
 * the seed, is held out as the test set. Hidden files and files that are named like no image are passed over.
 */
final class ImageFolder {
  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "gif", "bmp");
  private static final int MOST_CLASSES = 256;
  private static final int TEST_SHARE = 6;
  private static final int CHANNELS = 3;

  private final Path directory;
  private final Random random;
  private Path first;
  private int width;
  private int height;

  ImageFolder(Path directory, long seed) {
    this.directory = directory;
    this.random = new Random(seed);
  }

  /** Reads every image. */
  Dataset read() throws BadData {
    boolean split = Files.isDirectory(directory.resolve("train")) && Files.isDirectory(directory.resolve("test"));
    Path root = split ? directory.resolve("train") : directory;
    List<String> classes = classes(root);
    List<Labelled> train = new ArrayList<>();
    List<Labelled> test = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      List<Labelled> found = images(root.resolve(classes.get(label)), label);
      if (split) {
        train.addAll(found);
        test.addAll(images(directory.resolve("test").resolve(classes.get(label)), label));
      } else {
        holdOut(root.resolve(classes.get(label)), found, train, test);
      }
    }
    if (split && !classes(directory.resolve("test")).equals(classes)) {
      throw new BadData(directory.resolve("test") + " has other classes than " + root
          + ": both need a folder of the same name for each class");
    }
    return Dataset.of(directory.toAbsolutePath().normalize().getFileName().toString(), classes, together(train),
        together(test));
  }

  private record Labelled(byte[] pixels, int label) {}

  private static List<String> classes(Path root) throws BadData {
    List<String> classes =
        list(root).stream().filter(Files::isDirectory).map(path -> path.getFileName().toString()).toList();
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

  private static List<Path> list(Path folder) throws BadData {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> !path.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw new BadData(folder + " cannot be read as a folder: " + e.getMessage(), e);
    }
  }

  private List<Labelled> images(Path folder, int label) throws BadData {
    List<Labelled> images = new ArrayList<>();
    for (Path file : list(folder)) {
      String name = file.getFileName().toString();
      if (ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
        images.add(new Labelled(pixels(file), label));
      }
    }
    if (images.isEmpty()) {
      throw new BadData(folder + " has no image (PNG, JPEG, GIF or BMP) of its class");
    }
    return images;
  }

  private byte[] pixels(Path file) throws BadData {
    BufferedImage image = decode(file);
    if (first == null) {
      first = file;
      width = image.getWidth();
      height = image.getHeight();
    } else if (image.getWidth() != width || image.getHeight() != height) {
      throw new BadData(file + " is " + image.getWidth() + "x" + image.getHeight() + " and " + first + " is " + width
          + "x" + height + ": scale all images to one size");
    }
    int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] pixels = new byte[colours.length * CHANNELS];
    for (int i = 0; i < colours.length; i++) {
      pixels[CHANNELS * i] = (byte) (colours[i] >> 16);
      pixels[CHANNELS * i + 1] = (byte) (colours[i] >> 8);
      pixels[CHANNELS * i + 2] = (byte) colours[i];
    }
    return pixels;
  }

  private static BufferedImage decode(Path file) throws BadData {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image != null) {
        return image;
      }
    } catch (IOException | RuntimeException e) {
      // Decoders throw all sorts at damaged files.
      throw new BadData(file + " cannot be read as an image: " + e.getMessage(), e);
    }
    throw new BadData(file + " is no image that can be read: PNG, JPEG, GIF and BMP are");
  }

  private void holdOut(Path folder, List<Labelled> found, List<Labelled> train, List<Labelled> test) throws BadData {
    if (found.size() < 3) {
      throw new BadData(folder + " has " + found.size() + " image(s), and it takes 3 for training, validation and test");
    }
    int left = found.size();
    int wanted = Math.max(1, (int) Math.rint((double) left / TEST_SHARE));
    for (Labelled image : found) {
      boolean heldOut = random.nextInt(left--) < wanted;
      wanted -= heldOut ? 1 : 0;
      (heldOut ? test : train).add(image);
    }
  }

  private Images together(List<Labelled> images) throws BadData {
    int size = CHANNELS * width * height;
    if ((long) images.size() * size > Integer.MAX_VALUE - 8) {
      throw new BadData(directory + " has " + images.size() + " images of " + width + "x" + height
          + ", more than the 2 GiB that fit into memory: scale them down");
    }
    byte[] pixels = new byte[images.size() * size];
    byte[] labels = new byte[images.size()];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(images.get(i).pixels(), 0, pixels, i * size, size);
      labels[i] = (byte) images.get(i).label();
    }
    return new Images(CHANNELS, height, width, pixels, labels);
  }
}
