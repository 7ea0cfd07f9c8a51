package dev.cambrian.training.libtorch;

import dev.cambrian.model.Network;
import dev.cambrian.training.ClassScores;
import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.TrainingPlan;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/** Class scores of images by a network that does not change, on the calling thread. */
final class LibtorchPrediction {
  /** Large enough that calls do not count, small enough that activations of a wide layer stay in tens of megabytes. */
  private static final int BATCH = 250;

  private LibtorchPrediction() {}

  /**
   * The scores of all images, in order.
   *
   * @throws InterruptedException where the thread was interrupted; within one batch
   */
  static ClassScores scores(Network network, LibtorchVariables variables, TrainingPlan.Precision precision,
      Normalization normalization, Images images, GpuImages gpuImages) throws InterruptedException {
    int classes = network.classes();
    float[] scores = new float[Math.multiplyExact(images.count(), classes)];
    int size = Math.min(BATCH, Math.max(1, images.count()));
    try (PointerScope whole = new PointerScope(); NoGradGuard noGradients = new NoGradGuard();
        LibtorchBatches batches =
            LibtorchBatches.inOrder(images, normalization, size, gpuImages, variables.device())) {
      LibtorchNetwork forward = new LibtorchNetwork(network, variables, false, precision);
      for (int done = 0; batches.next(); done += batches.count()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("prediction was interrupted at image " + done + " of " + images.count());
        }
        try (PointerScope step = new PointerScope()) {
          forward.scores(batches.images()).cpu().data_ptr_float()
              .get(scores, done * classes, batches.count() * classes);
        }
      }
    }
    return new ClassScores(classes, scores);
  }
}
