package dev.cambrian.training.libtorch;

import dev.cambrian.training.Augmentation;
import dev.cambrian.training.BatchSource;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.Split;
import dev.cambrian.training.TrainingPlan;
import dev.cambrian.training.VariedImage;
import java.util.Iterator;
import org.bytedeco.pytorch.Tensor;

/** Batches of images, one after another. Lives at most as long as the {@code PointerScope} that it is made in. */
interface LibtorchBatches extends AutoCloseable {

  /** The training images in the order, and varied, as a plan says: every batch is full, and they never end. */
  static LibtorchBatches shuffled(Split data, TrainingPlan plan, GpuImages gpuImages, LibtorchDevice device) {
    Augmentation augmentation = plan.augmented() ? Augmentation.REAL17 : Augmentation.NONE;
    Iterator<VariedImage> order = VariedImage.shuffled(data.training().count(), augmentation, plan.seed());
    return of(data.training(), Normalization.of(data), order, plan.batch(), gpuImages, device);
  }

  /** The images once, in order; the last batch may be smaller. */
  static LibtorchBatches inOrder(
      Images images, Normalization normalization, int batch, GpuImages gpuImages, LibtorchDevice device) {
    return of(images, normalization, VariedImage.inOrder(images.count()), batch, gpuImages, device);
  }

  private static LibtorchBatches of(Images images, Normalization normalization, Iterator<VariedImage> order, int batch,
      GpuImages gpuImages, LibtorchDevice device) {
    return device.gpu()
        ? new GpuBatches(images, normalization, order, batch, gpuImages, device)
        : new FedBatches(new BatchSource(images, normalization, order, batch), images);
  }

  /** Goes on to the next batch; false where there is none. */
  boolean next();

  /** The number of images in the present batch. */
  int count();

  /** The present images, normalised, {@code [count, channels, height, width]}, channels last in memory. */
  Tensor images();

  /** Their class indices, {@code [count]}. */
  Tensor labels();

  /** The class index of image i of the present batch. */
  int label(int i);

  @Override
  void close();
}
