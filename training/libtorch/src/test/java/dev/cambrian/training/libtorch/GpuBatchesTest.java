package dev.cambrian.training.libtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cambrian.training.Augmentation;
import dev.cambrian.training.BatchSource;
import dev.cambrian.training.Engine;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.VariedImage;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/**
 * What a GPU cuts out of its own memory is what the processor would have fed it with: on the first device of the engine,
 * which is a GPU in its CUDA build.
 */
class GpuBatchesTest {
  private static final String DEVICE = new LibtorchEngine(Clock.systemUTC(), Duration.ofMinutes(1)).devices().get(0);
  private static final Augmentation FAR = new Augmentation(9, true);

  private static Images images(int channels, int height, int width, int count) {
    Random random = new Random(channels);
    byte[] pixels = new byte[count * channels * height * width];
    byte[] labels = new byte[count];
    random.nextBytes(pixels);
    random.nextBytes(labels);
    return new Images(channels, height, width, pixels, labels);
  }

  private static void assertSameBatch(LibtorchBatches expected, LibtorchBatches actual) {
    assertEquals(expected.next(), actual.next());
    assertEquals(expected.count(), actual.count());
    assertArrayEquals(expected.images().sizes().vec().get(), actual.images().sizes().vec().get());
    assertArrayEquals(expected.images().strides().vec().get(), actual.images().strides().vec().get());
    assertTrue(actual.images().cpu().equal(expected.images()));
    assertTrue(actual.labels().cpu().equal(expected.labels()));
    for (int i = 0; i < expected.count(); i++) {
      assertEquals(expected.label(i), actual.label(i));
    }
  }

  @Test
  void shuffledAndVaried_theSameBits() {
    // The second kind is smaller than its padding: some crops show nothing of it.
    for (Images images : new Images[] {images(3, 32, 32, 70), images(1, 8, 5, 70)}) {
      Normalization normalization = new Normalization(new float[] {0.4f, 0.5f, 0.6f}, new float[] {0.2f, 0.25f, 0.3f});
      if (images.channels() == 1) {
        normalization = new Normalization(new float[] {0.4f}, new float[] {0.2f});
      }
      for (Augmentation augmentation : new Augmentation[] {Augmentation.NONE, Augmentation.REAL17, FAR}) {
        try (PointerScope scope = new PointerScope();
            LibtorchBatches expected = new FedBatches(
                new BatchSource(images, normalization, VariedImage.shuffled(70, augmentation, 3), 40), images);
            LibtorchBatches actual = new GpuBatches(images, normalization, VariedImage.shuffled(70, augmentation, 3),
                40, new GpuImages(), new LibtorchDevice(DEVICE))) {
          for (int batch = 0; batch < 10; batch++) {
            assertSameBatch(expected, actual);
          }
        }
      }
    }
  }

  @Test
  void inOrder_theSameBitsAndTheSameEnd() {
    Images images = images(2, 6, 7, 25);
    Normalization normalization = new Normalization(new float[] {0.4f, 0.5f}, new float[] {0.2f, 0.25f});
    try (PointerScope scope = new PointerScope();
        LibtorchBatches expected = new FedBatches(BatchSource.inOrder(images, normalization, 10), images);
        LibtorchBatches actual = new GpuBatches(images, normalization, VariedImage.inOrder(25), 10, new GpuImages(),
            new LibtorchDevice(DEVICE))) {
      for (int batch = 0; batch < 3; batch++) {
        assertSameBatch(expected, actual);
      }
      assertFalse(actual.next());
    }
  }

  @Test
  void trainingsShareACopy_whichGoesWithTheLast() {
    GpuImages shared = new GpuImages();
    Images images = images(3, 4, 4, 5);
    // Equal, but another object: comparing pixels would cost more than a second copy.
    Images others = images(3, 4, 4, 5);
    Tensor first;
    try (PointerScope scope = new PointerScope()) {
      first = shared.borrow(images, new LibtorchDevice(Engine.CPU));
    }
    try (PointerScope scope = new PointerScope()) {
      LibtorchDevice device = new LibtorchDevice(Engine.CPU);
      assertSame(first, shared.borrow(images, device));
      assertNotSame(first, shared.borrow(others, device));
      shared.giveBack(others, device);
      shared.giveBack(images, device);
      byte[] pixels = new byte[images.pixels().length];
      first.data_ptr_byte().get(pixels);
      assertArrayEquals(images.pixels(), pixels);
      shared.giveBack(images, device);
      assertTrue(first.isNull());
      assertNotSame(first, shared.borrow(images, device));
      shared.giveBack(images, device);
    }
  }
}
