package dev.cambrian.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading data sets: what comes out is what is in the files, and bad files are told by name. */
class DatasetsTest {
  private static final int CIFAR_RECORD = 3073;

  /** CIFAR-10 as it is, but for 20 images a file. */
  private static final CifarBinary SMALL_CIFAR = new CifarBinary("cifar10", CifarBinary.CIFAR_10.trainFiles(),
      CifarBinary.CIFAR_10.testFile(), CifarBinary.CIFAR_10.namesFile(), CifarBinary.CIFAR_10.names(), 1, 20, 20);

  @TempDir Path directory;

  @Test
  void cifar10_pixelsAndLabelsInOrder() throws Exception {
    writeCifar10(10_000);
    Dataset data = Datasets.load("cifar10", directory, 0);
    assertEquals(50_000, data.train().count());
    assertEquals(10_000, data.test().count());
    assertEquals(List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        data.classes());
    // Image 7 of the third file is image 20,007; its planes hold what cifarPlane says.
    assertEquals((20_007 + 2) % 10, data.train().label(20_007));
    int pixel = 5 * 32 + 9;
    for (int c = 0; c < 3; c++) {
      assertEquals(cifarPlane(2, 7, c, pixel), data.train().pixels()[(20_007 * 1024 + pixel) * 3 + c]);
    }
  }

  @Test
  void cifar10_missingTruncatedOrWrongFile_isNamed() throws Exception {
    writeCifar10(20);
    Path third = directory.resolve("data_batch_3.bin");
    byte[] whole = Files.readAllBytes(third);
    Files.delete(third);
    assertNames(SMALL_CIFAR, third, "missing");
    Files.write(third, Arrays.copyOf(whole, whole.length - 1));
    assertNames(SMALL_CIFAR, third, "61459 bytes");
    // Cut off between two images is cut off all the same.
    Files.write(third, Arrays.copyOf(whole, whole.length - CIFAR_RECORD));
    assertNames(SMALL_CIFAR, third, "58387 bytes");
    Files.write(third, Arrays.copyOf(whole, whole.length + 1));
    assertNames(SMALL_CIFAR, third, "61461 bytes");
    whole[CIFAR_RECORD * 4] = 10;
    Files.write(third, whole);
    assertNames(SMALL_CIFAR, third, "image 4 is of class 10");
    whole[CIFAR_RECORD * 4] = 9;
    Files.write(third, whole);
    Path test = directory.resolve("test_batch.bin");
    Files.delete(test);
    assertNames(SMALL_CIFAR, test, "missing");
    Files.createDirectory(test);
    assertNames(SMALL_CIFAR, test, "directory");
  }

  @Test
  void cifar10_classNamesOfTheFile_andTheirNumber() throws Exception {
    writeCifar10(20);
    Path names = directory.resolve("batches.meta.txt");
    Files.writeString(names, "a\nb\r\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    assertEquals(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), SMALL_CIFAR.read(directory).classes());
    Files.writeString(names, "a\nb\n");
    assertNames(SMALL_CIFAR, names, "2 class names");
  }

  @Test
  void checksum_tellsASinglePixelAndASingleLabel() {
    byte[] pixels = new byte[8];
    Images train = new Images(1, 2, 2, pixels, new byte[] {0, 1});
    Images otherPixel = new Images(1, 2, 2, new byte[] {0, 0, 0, 0, 0, 0, 1, 0}, new byte[] {0, 1});
    Images otherLabel = new Images(1, 2, 2, pixels, new byte[] {0, 0});
    List<String> checksums = Stream.of(List.of(train, train), List.of(otherPixel, train), List.of(train, otherPixel),
            List.of(otherLabel, train), List.of(train, otherLabel))
        .map(parts -> Dataset.of("any", List.of("a", "b"), parts.get(0), parts.get(1)).checksum()).distinct().toList();
    assertEquals(5, checksums.size());
    assertTrue(checksums.get(0).matches("[0-9a-f]{64}"));
  }

  @Test
  void cifar100_takesTheFineLabel() throws Exception {
    byte[] train = new byte[50_000 * 3074];
    byte[] test = new byte[10_000 * 3074];
    for (int i = 0; i < 50_000; i++) {
      train[i * 3074] = (byte) (i % 20);
      train[i * 3074 + 1] = (byte) (i % 100);
    }
    Files.write(directory.resolve("train.bin"), train);
    Files.write(directory.resolve("test.bin"), test);
    Dataset data = Datasets.load("cifar100", directory, 0);
    assertEquals(100, data.classes().size());
    assertEquals(73, data.train().label(173));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void idx_gzipOrNot(String ending) throws Exception {
    writeIdx("train", 30, ending);
    writeIdx("t10k", 12, ending);
    Dataset data = Datasets.load("idx", directory, 0);
    assertEquals(30, data.train().count());
    assertEquals(12, data.test().count());
    assertEquals(1, data.train().channels());
    assertEquals(4, data.train().height());
    assertEquals(6, data.train().width());
    assertEquals(10, data.classes().size());
    assertEquals(23 % 10, data.train().label(23));
    assertEquals((byte) (23 * 24 + 5), data.train().pixels()[23 * 24 + 5]);
  }

  @Test
  void idx_badFiles_areNamed() throws Exception {
    writeIdx("train", 30, "");
    writeIdx("t10k", 12, "");
    Path images = directory.resolve("train-images-idx3-ubyte");
    Path labels = directory.resolve("train-labels-idx1-ubyte");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length - 3));
    assertNames("idx", images, "header tells of");
    Files.write(images, new byte[] {0, 0});
    assertNames("idx", images, "too few");
    byte[] wrongMagic = whole.clone();
    wrongMagic[2] = 9;
    Files.write(images, wrongMagic);
    assertNames("idx", images, "begins with");
    byte[] absurd = whole.clone();
    absurd[4] = (byte) 0x80;
    Files.write(images, absurd);
    assertNames("idx", images, "dimension 0");
    Files.write(images, whole);
    Files.write(labels, idxLabels(29));
    assertNames("idx", labels, "29 labels");
    Files.delete(labels);
    assertTrue(assertThrows(BadData.class, () -> Datasets.load("idx", directory, 0)).getMessage()
        .contains("train-labels-idx1-ubyte"));
    Files.write(directory.resolve("train-labels-idx1-ubyte.gz"), new byte[] {1, 2, 3});
    assertNames("idx", directory.resolve("train-labels-idx1-ubyte.gz"), "gzip");
    Files.write(labels, idxLabels(30));
    assertTrue(assertThrows(BadData.class, () -> Datasets.load("idx", directory, 0)).getMessage().contains("both"));
  }

  @Test
  void idx_gzipWithoutItsEnding_isRead() throws Exception {
    writeIdx("train", 30, "");
    writeIdx("t10k", 12, "");
    Path images = directory.resolve("train-images-idx3-ubyte");
    Dataset plain = Datasets.load("idx", directory, 0);
    byte[] content = Files.readAllBytes(images);
    write(directory.resolve("zipped.gz"), content);
    Files.move(directory.resolve("zipped.gz"), images, StandardCopyOption.REPLACE_EXISTING);
    assertEquals(plain.checksum(), Datasets.load("idx", directory, 0).checksum());
  }

  @Test
  void idx_cutOffGzip_isNamed() throws Exception {
    writeIdx("train", 300, ".gz");
    writeIdx("t10k", 12, ".gz");
    Path images = directory.resolve("train-images-idx3-ubyte.gz");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length / 2));
    assertNames("idx", images, "gzip");
  }

  @Test
  void idx_labelsWithGaps_becomeClassesInOrder() throws Exception {
    writeIdx("train", 30, "");
    writeIdx("t10k", 12, "");
    Path trainLabels = directory.resolve("train-labels-idx1-ubyte");
    Path testLabels = directory.resolve("t10k-labels-idx1-ubyte");
    Files.write(trainLabels, idxLabels(30, i -> i % 2 == 0 ? 3 : 200));
    Files.write(testLabels, idxLabels(12, i -> 200));
    Dataset data = Datasets.load("idx", directory, 0);
    assertEquals(List.of("3", "200"), data.classes());
    assertEquals(0, data.train().label(4));
    assertEquals(1, data.train().label(5));
    assertEquals(1, data.test().label(0));
    Files.write(testLabels, idxLabels(12, i -> 7));
    assertNames("idx", testLabels, "class 7");
    Files.write(trainLabels, idxLabels(30, i -> 7));
    assertNames("idx", trainLabels, "at least 2 classes");
  }

  @Test
  void folder_withTrainOnly_holdsOutFromIt() throws Exception {
    writePictures(directory.resolve("train/a"), 6, 5, 4);
    writePictures(directory.resolve("train/b"), 6, 5, 4);
    Dataset data = Datasets.load("folder", directory, 0);
    assertEquals(List.of("a", "b"), data.classes());
    assertEquals(10, data.train().count());
    assertEquals(2, data.test().count());
  }

  @Test
  void folder_testWithOtherClasses_isNamed() throws Exception {
    writePictures(directory.resolve("train/a"), 6, 5, 4);
    writePictures(directory.resolve("train/b"), 6, 5, 4);
    writePictures(directory.resolve("test/a"), 6, 5, 4);
    writePictures(directory.resolve("test/c"), 6, 5, 4);
    assertNames("folder", directory.resolve("test"), "other classes");
  }

  @Test
  void folder_greyPicture_keepsItsGreys() throws Exception {
    writePictures(directory.resolve("a"), 3, 4, 4);
    writePictures(directory.resolve("b"), 2, 4, 4);
    BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 16; i++) {
      grey.getRaster().setSample(i % 4, i / 4, 0, 16 * i + 5);
    }
    ImageIO.write(grey, "png", directory.resolve("b/grey.png").toFile());
    ColourImage read = ColourImage.read(directory.resolve("b/grey.png"));
    for (int i = 0; i < 48; i++) {
      assertEquals(16 * (i / 3) + 5, read.pixels()[i] & 0xff);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
  void folder_cutOffPicture_isNamed(String format) throws Exception {
    writePictures(directory.resolve("a"), 3, 32, 32);
    writePictures(directory.resolve("b"), 3, 32, 32);
    Path file = directory.resolve("b/3." + format);
    ImageIO.write(ImageIO.read(directory.resolve("b/0.png").toFile()), format, file.toFile());
    assertEquals(5, Datasets.load("folder", directory, 0).train().count());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertNames("folder", file, "");
  }

  @Test
  void folder_moreClassesThanALabelByteTells_isRefused() throws Exception {
    for (int i = 0; i < 257; i++) {
      Files.createDirectory(directory.resolve("class" + i));
    }
    assertNames("folder", directory, "257 classes");
  }

  @Test
  void folder_classOfTwoImages_isNamed() throws Exception {
    writePictures(directory.resolve("a"), 3, 4, 4);
    writePictures(directory.resolve("b"), 2, 4, 4);
    assertNames("folder", directory.resolve("b"), "takes 3");
  }

  @Test
  void folder_withoutTest_holdsOutASixthOfEachClassBySeed() throws Exception {
    writePictures(directory.resolve("cats"), 12, 8, 8);
    writePictures(directory.resolve("dogs"), 24, 8, 8);
    Dataset data = Datasets.load("folder", directory, 3);
    assertEquals(List.of("cats", "dogs"), data.classes());
    assertEquals(2 + 4, data.test().count());
    assertEquals(10 + 20, data.train().count());
    assertEquals(2, IntStream.range(0, 6).filter(i -> data.test().label(i) == 0).count());
    assertEquals(data, Datasets.load("folder", directory, 3));
    assertTrue(IntStream.range(4, 12).anyMatch(seed -> differs(data, seed)));
  }

  private boolean differs(Dataset data, int seed) {
    try {
      return !Datasets.load("folder", directory, seed).checksum().equals(data.checksum());
    } catch (BadData e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void folder_withTrainAndTest_readsPixels() throws Exception {
    for (String part : List.of("train", "test")) {
      writePictures(directory.resolve(part).resolve("a"), 3, 5, 4);
      writePictures(directory.resolve(part).resolve("b"), 2, 5, 4);
    }
    Dataset data = Datasets.load("folder", directory, 0);
    assertEquals(5, data.train().count());
    assertEquals(5, data.test().count());
    assertEquals(5, data.train().width());
    assertEquals(4, data.train().height());
    BufferedImage third = ImageIO.read(directory.resolve("train/a/2.png").toFile());
    int rgb = third.getRGB(3, 1);
    int at = 2 * 60 + (1 * 5 + 3) * 3;
    assertArrayEquals(new byte[] {(byte) (rgb >> 16), (byte) (rgb >> 8), (byte) rgb},
        Arrays.copyOfRange(data.train().pixels(), at, at + 3));
  }

  @Test
  void folder_badContents_areNamed() throws Exception {
    writePictures(directory.resolve("cats"), 6, 8, 8);
    assertNames("folder", directory, "one class only");
    Path dogs = directory.resolve("dogs");
    Files.createDirectories(dogs);
    assertNames("folder", dogs, "no image");
    writePictures(dogs, 6, 8, 8);
    Path broken = dogs.resolve("x.png");
    Files.write(broken, new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
    assertNames("folder", broken, "image");
    Files.delete(broken);
    writePictures(dogs.resolve("more"), 1, 9, 8);
    Files.move(dogs.resolve("more/0.png"), dogs.resolve("wide.png"));
    assertNames("folder", dogs.resolve("wide.png"), "9x8");
  }

  @Test
  void directory_missingOrAFile_isNamed() throws Exception {
    Path missing = directory.resolve("nowhere");
    for (String kind : List.of("cifar10", "cifar100", "idx", "folder")) {
      assertTrue(assertThrows(BadData.class, () -> Datasets.load(kind, missing, 0)).getMessage()
          .contains(missing.toString()));
      assertThrows(BadData.class, () -> Datasets.load(kind, null, 0));
    }
    Path file = Files.createFile(directory.resolve("file"));
    assertNames("cifar10", file.getParent(), "missing");
    assertTrue(assertThrows(BadData.class, () -> Datasets.load("idx", file, 0)).getMessage()
        .contains("not a directory"));
    assertTrue(assertThrows(BadData.class, () -> Datasets.load("svhn", file, 0)).getMessage().contains("svhn"));
  }

  private void assertNames(String kind, Path file, String words) {
    assertNames(() -> Datasets.load(kind, directory, 0), file, words);
  }

  private void assertNames(CifarBinary layout, Path file, String words) {
    assertNames(() -> layout.read(directory), file, words);
  }

  private static void assertNames(Executable reading, Path file, String words) {
    String message = assertThrows(BadData.class, reading).getMessage();
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains(words), message);
  }

  private static byte cifarPlane(int file, int image, int channel, int pixel) {
    return (byte) (file * 31 + image * 7 + channel * 101 + pixel);
  }

  private void writeCifar10(int records) throws IOException {
    for (int file = 0; file < 6; file++) {
      byte[] bytes = new byte[records * CIFAR_RECORD];
      for (int image = 0; image < records; image++) {
        int at = image * CIFAR_RECORD;
        bytes[at++] = (byte) ((file * records + image + 2) % 10);
        for (int channel = 0; channel < 3; channel++) {
          for (int pixel = 0; pixel < 1024; pixel++) {
            bytes[at++] = cifarPlane(file, image, channel, pixel);
          }
        }
      }
      Files.write(directory.resolve(file < 5 ? "data_batch_" + (file + 1) + ".bin" : "test_batch.bin"), bytes);
    }
  }

  private static byte[] idxLabels(int count) {
    return idxLabels(count, i -> i % 10);
  }

  private static byte[] idxLabels(int count, IntUnaryOperator label) {
    ByteBuffer labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      labels.put((byte) label.applyAsInt(i));
    }
    return labels.array();
  }

  private void writeIdx(String part, int count, String ending) throws IOException {
    ByteBuffer images = ByteBuffer.allocate(16 + count * 24).putInt(0x803).putInt(count).putInt(4).putInt(6);
    for (int i = 0; i < count * 24; i++) {
      images.put((byte) i);
    }
    write(directory.resolve(part + "-images-idx3-ubyte" + ending), images.array());
    write(directory.resolve(part + "-labels-idx1-ubyte" + ending), idxLabels(count));
  }

  private static void write(Path file, byte[] content) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      Files.write(file, content);
      return;
    }
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(content);
    }
    Files.write(file, zipped.toByteArray());
  }

  private static void writePictures(Path folder, int count, int width, int height) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(folder.getFileName().toString().hashCode());
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < width * height; pixel++) {
        image.setRGB(pixel % width, pixel / width, random.nextInt());
      }
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
  }
}
