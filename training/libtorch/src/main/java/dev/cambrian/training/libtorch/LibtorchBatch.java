package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.torch_empty;

import dev.cambrian.model.Shape;
import dev.cambrian.training.BatchSource;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The place in libtorch's memory that a source writes its batches to, one after another, and from which a GPU fetches
 * them. Lives as long as the {@code
 * PointerScope} that it is made in.
 */
final class LibtorchBatch {
  private final BatchSource source;
  private final LibtorchDevice device;
  private final Tensor images;
  private final Tensor labels;
  private final FloatBuffer pixels;
  private final LongBuffer classes;
  private int count;

  LibtorchBatch(BatchSource source, Shape image, LibtorchDevice device) {
    this.source = source;
    this.device = device;
    int batch = source.batch();
    Tensor memory = torch_empty(batch, image.height(), image.width(), image.channels());
    FloatPointer start = memory.data_ptr_float();
    long size = Math.multiplyExact(batch, image.size());
    pixels = start.capacity(size).asBuffer();
    long row = (long) image.width() * image.channels();
    // Logically [n, c, h, w]; in memory channels last.
    images = from_blob(start, new long[] {batch, image.channels(), image.height(), image.width()},
        new long[] {image.height() * row, 1, row, image.channels()});
    LongPointer first = new LongPointer(batch);
    classes = first.asBuffer();
    labels = from_blob(first, new long[] {batch}, new TensorOptions(ScalarType.Long));
  }

  /** Fetches the next batch; false where there is none. */
  boolean next() {
    count = source.next(pixels, classes);
    return count > 0;
  }

  /** The number of images in the present batch. */
  int count() {
    return count;
  }

  /** The images, {@code [count, channels, height, width]}. */
  Tensor images() {
    return device.here(count == source.batch() ? images : images.narrow(0, 0, count));
  }

  /** The class indices, {@code [count]}. */
  Tensor labels() {
    return device.here(count == source.batch() ? labels : labels.narrow(0, 0, count));
  }

  /** The class index of image i of the present batch. */
  int label(int i) {
    return (int) classes.get(i);
  }
}
