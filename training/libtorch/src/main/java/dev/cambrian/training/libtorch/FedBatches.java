package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.torch_empty;

import dev.cambrian.training.BatchSource;
import dev.cambrian.training.Images;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The place in libtorch's memory that a source on the processor writes its batches to, one after another. */
final class FedBatches implements LibtorchBatches {
  private final BatchSource source;
  private final Tensor images;
  private final Tensor labels;
  private final FloatBuffer pixels;
  private final LongBuffer classes;
  private int count;

  /** @param shape whose images have the source's size */
  FedBatches(BatchSource source, Images shape) {
    this.source = source;
    int batch = source.batch();
    Tensor memory = torch_empty(batch, shape.height(), shape.width(), shape.channels());
    FloatPointer start = memory.data_ptr_float();
    long size = Math.multiplyExact(batch, shape.imageSize());
    pixels = start.capacity(size).asBuffer();
    long row = (long) shape.width() * shape.channels();
    // Logically [n, c, h, w]; in memory channels last.
    images = from_blob(start, new long[] {batch, shape.channels(), shape.height(), shape.width()},
        new long[] {shape.height() * row, 1, row, shape.channels()});
    LongPointer first = new LongPointer(batch);
    classes = first.asBuffer();
    labels = from_blob(first, new long[] {batch}, new TensorOptions(ScalarType.Long));
  }

  @Override
  public boolean next() {
    count = source.next(pixels, classes);
    return count > 0;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public Tensor images() {
    return count == source.batch() ? images : images.narrow(0, 0, count);
  }

  @Override
  public Tensor labels() {
    return count == source.batch() ? labels : labels.narrow(0, 0, count);
  }

  @Override
  public int label(int i) {
    return (int) classes.get(i);
  }

  /** Nothing to do: its memory goes with its scope. */
  @Override
  public void close() {}
}
