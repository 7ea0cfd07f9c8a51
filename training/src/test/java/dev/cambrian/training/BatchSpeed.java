package dev.cambrian.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/** Prints how many images a second one thread gets from a batch source: run its main by hand. */
final class BatchSpeed {
  private static final int BATCH = 50;

  private BatchSpeed() {}

  public static void main(String[] arguments) throws BadData {
    Split split = Splits.of(new Shapes(50_000, 10, 0).generate(), 0.1, 0);
    FloatBuffer images = ByteBuffer.allocateDirect(BATCH * split.training().imageSize() * Float.BYTES)
        .order(ByteOrder.nativeOrder()).asFloatBuffer();
    LongBuffer labels = ByteBuffer.allocateDirect(BATCH * Long.BYTES).order(ByteOrder.nativeOrder()).asLongBuffer();
    for (int round = 0; round < 5; round++) {
      measure("augmented", BatchSource.shuffled(split, BATCH, Augmentation.REAL17, round), images, labels);
      measure("shuffled", BatchSource.shuffled(split, BATCH, Augmentation.NONE, round), images, labels);
      measure("in order", BatchSource.inOrder(split.training(), Normalization.of(split), BATCH), images, labels);
    }
  }

  private static void measure(String what, BatchSource source, FloatBuffer images, LongBuffer labels) {
    long start = System.nanoTime();
    long count = 0;
    for (int step = 0; step < 900; step++) {
      count += source.next(images, labels);
    }
    System.out.printf("%-10s %,10.0f images/s%n", what, count * 1e9 / (System.nanoTime() - start));
  }
}
