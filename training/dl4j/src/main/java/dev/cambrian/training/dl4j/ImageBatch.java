package dev.cambrian.training.dl4j;

import dev.cambrian.model.Shape;
import dev.cambrian.training.BatchSource;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The place in the library's memory that a source writes its batches to, one after another. */
final class ImageBatch implements AutoCloseable {
  private final BatchSource source;
  private final INDArray images;
  private final FloatBuffer pixels;
  private final LongBuffer labels;
  private int count;

  ImageBatch(BatchSource source, Shape image) {
    this.source = source;
    images = Nd4j.create(DataType.FLOAT, source.batch(), image.height(), image.width(), image.channels());
    pixels = images.data().asNioFloat();
    labels = LongBuffer.allocate(source.batch());
  }

  /** Fetches the next batch; false where there is none. */
  boolean next() {
    count = source.next(pixels, labels);
    Nd4j.getAffinityManager().tagLocation(images, AffinityManager.Location.HOST);
    return count > 0;
  }

  /** The number of images in the present batch. */
  int count() {
    return count;
  }

  /** The images, {@code [count, height, width, channels]}. */
  INDArray images() {
    return count == source.batch()
        ? images
        : images.get(NDArrayIndex.interval(0, count), NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.all());
  }

  /** The class indices. */
  LongBuffer labels() {
    return labels;
  }

  @Override
  public void close() {
    images.close();
  }
}
