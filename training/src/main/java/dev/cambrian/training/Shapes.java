package dev.cambrian.training;

import java.util.List;
import java.util.Random;

/**
 * A generated data set that needs no download: ten classes of shapes and textures, 32x32 pixels, two random colours an
 * image and some noise. What tells the classes apart is where edges run, never a colour: foreground and background
 * colours are drawn alike for every class, so channel means say next to nothing. Mirroring maps every class on itself.
 * The same seed gives the same bytes on every platform (integers, and the specified algorithm of {@link Random}).
 */
public final class Shapes {
  static final int SIDE = 32;
  private static final int CHANNELS = 3;

  /** Coordinates are in sixteenths of a pixel, so that centres and sizes vary finely without floating point. */
  private static final int UNIT = 16;

  /** Half the width of the lines that plus, ring and saltire are drawn with: small filters see both their sides. */
  private static final int HALF_LINE = 20;

  /** Of the brightness of the two colours, 0 to 255. */
  private static final int LEAST_CONTRAST = 100;

  private static final int NOISE = 12;

  /** What an image shows. Declared in the order of the class indices. */
  private enum Motif {
    HORIZONTAL_STRIPES, VERTICAL_STRIPES, DIAGONAL_STRIPES, CHECKERBOARD, SQUARE, DISC, DIAMOND, PLUS, RING, SALTIRE
  }

  private final int trainCount;
  private final int testCount;
  private final Random random;

  /** 12,000 images for training and validation, 2,000 for the test. */
  public Shapes(long seed) {
    this(12_000, 2_000, seed);
  }

  /** As many images as this; the classes take turns. */
  public Shapes(int trainCount, int testCount, long seed) {
    this.trainCount = trainCount;
    this.testCount = testCount;
    random = new Random(seed);
  }

  /** Draws every image. */
  public Dataset generate() {
    List<String> classes = List.of(
        "horizontal stripes", "vertical stripes", "diagonal stripes", "checkerboard", "square", "disc", "diamond",
        "plus", "ring", "saltire");
    return Dataset.of("shapes", classes, draw(trainCount), draw(testCount));
  }

  private Images draw(int count) {
    byte[] pixels = new byte[Math.multiplyExact(count, SIDE * SIDE * CHANNELS)];
    byte[] labels = new byte[count];
    Motif[] motifs = Motif.values();
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % motifs.length);
      draw(motifs[i % motifs.length], pixels, i * SIDE * SIDE * CHANNELS);
    }
    return new Images(CHANNELS, SIDE, SIDE, pixels, labels);
  }

  private void draw(Motif motif, byte[] pixels, int at) {
    int[] ground = colour();
    int[] figure = colour();
    while (Math.abs(luma(ground) - luma(figure)) < LEAST_CONTRAST) {
      ground = colour();
      figure = colour();
    }
    int size = (7 + random.nextInt(4)) * UNIT + random.nextInt(UNIT);
    int centreX = SIDE * UNIT / 2 + (random.nextInt(13) - 6) * UNIT + random.nextInt(UNIT);
    int centreY = SIDE * UNIT / 2 + (random.nextInt(13) - 6) * UNIT + random.nextInt(UNIT);
    boolean rising = random.nextBoolean();
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int[] colour = covers(motif, x * UNIT - centreX, y * UNIT - centreY, size, rising) ? figure : ground;
        int noise = random.nextInt();
        for (int c = 0; c < CHANNELS; c++) {
          int grain = ((noise >>> 8 * c & 0xff) * (2 * NOISE + 1) >> 8) - NOISE;
          pixels[at++] = (byte) Math.max(0, Math.min(255, colour[c] + grain));
        }
      }
    }
  }

  private static boolean covers(Motif motif, int x, int y, int size, boolean rising) {
    int ax = Math.abs(x);
    int ay = Math.abs(y);
    int band = size / 2;
    int hollow = size - 2 * HALF_LINE;
    return switch (motif) {
      case HORIZONTAL_STRIPES -> Math.floorMod(y, band) * 2 < band;
      case VERTICAL_STRIPES -> Math.floorMod(x, band) * 2 < band;
      case DIAGONAL_STRIPES -> Math.floorMod((rising ? x + y : x - y) * 5 / 7, band) * 2 < band;
      case CHECKERBOARD -> Math.floorMod(x, band) * 2 < band ^ Math.floorMod(y, band) * 2 < band;
      case SQUARE -> Math.max(ax, ay) < size * 7 / 8;
      case DISC -> ax * ax + ay * ay < size * size;
      case DIAMOND -> ax + ay < size * 5 / 4;
      case PLUS -> Math.max(ax, ay) < size && Math.min(ax, ay) < HALF_LINE;
      case RING -> ax * ax + ay * ay < size * size && ax * ax + ay * ay > hollow * hollow;
      case SALTIRE -> Math.max(ax, ay) < size && Math.abs(ax - ay) < HALF_LINE * 7 / 5;
    };
  }

  private int[] colour() {
    int[] colour = new int[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      colour[c] = random.nextInt(256);
    }
    return colour;
  }

  /** Brightness, 0 to 255. */
  private static int luma(int[] colour) {
    return (3 * colour[0] + 6 * colour[1] + colour[2]) / 10;
  }
}
