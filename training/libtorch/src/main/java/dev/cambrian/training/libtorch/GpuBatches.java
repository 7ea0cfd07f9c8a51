package dev.cambrian.training.libtorch;

import static org.bytedeco.pytorch.global.torch.from_blob;
import static org.bytedeco.pytorch.global.torch.where;

import dev.cambrian.training.Images;
import dev.cambrian.training.Normalization;
import dev.cambrian.training.VariedImage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Batches that a GPU cuts out of images that lie in its own memory: only which image is shown where crosses over to it.
 * They are, bit by bit, what {@link FedBatches} would hold.
 */
final class GpuBatches implements LibtorchBatches {
  private static final int VALUES = 256;

  private final Images images;
  private final GpuImages shared;
  private final LibtorchDevice device;
  private final Iterator<VariedImage> order;
  private final int batch;
  private final Tensor pixels;
  /** What a byte becomes, {@code [channels * 256]}. */
  private final Tensor numbers;
  /** Where a channel's numbers begin, {@code [channels]}. */
  private final Tensor channel;
  /** {@code [1, height]} and {@code [1, width]}: 0, 1, 2... */
  private final Tensor down;
  private final Tensor right;
  /** What mirroring adds to each column, {@code [1, width]}. */
  private final Tensor mirroring;
  private final Tensor border;
  private final List<VariedImage> present = new ArrayList<>();

  GpuBatches(Images images, Normalization normalization, Iterator<VariedImage> order, int batch, GpuImages shared,
      LibtorchDevice device) {
    this.images = images;
    this.shared = shared;
    this.device = device;
    this.order = order;
    this.batch = batch;
    int width = images.width();
    float[][] table = normalization.table();
    float[] all = new float[table.length * VALUES];
    for (int c = 0; c < table.length; c++) {
      System.arraycopy(table[c], 0, all, c * VALUES, VALUES);
    }
    numbers = device.here(from_blob(new FloatPointer(all), all.length));
    channel = indices(IntStream.range(0, table.length).mapToLong(c -> (long) c * VALUES).toArray(), table.length);
    down = indices(IntStream.range(0, images.height()).asLongStream().toArray(), 1, images.height());
    right = indices(IntStream.range(0, width).asLongStream().toArray(), 1, width);
    mirroring = indices(IntStream.range(0, width).mapToLong(x -> width - 1 - 2L * x).toArray(), 1, width);
    border = device.here(from_blob(new FloatPointer(0f), 1));
    // Last, so that nothing that fails before keeps them.
    pixels = shared.borrow(images, device);
  }

  @Override
  public boolean next() {
    present.clear();
    while (present.size() < batch && order.hasNext()) {
      present.add(order.next());
    }
    return !present.isEmpty();
  }

  @Override
  public int count() {
    return present.size();
  }

  @Override
  public Tensor images() {
    int count = count();
    int height = images.height();
    int width = images.width();
    long[] drawn = new long[4 * count];
    for (int i = 0; i < count; i++) {
      VariedImage image = present.get(i);
      drawn[i] = image.index();
      drawn[count + i] = image.down();
      drawn[2 * count + i] = image.right();
      drawn[3 * count + i] = image.mirrored() ? 1 : 0;
    }
    Tensor each = indices(drawn, 4, count, 1);
    Tensor row = each.select(0, 1).add(down);
    Tensor column = each.select(0, 2).add(right).add(each.select(0, 3).mul(mirroring));
    Tensor rowWithin = within(row, height);
    Tensor columnWithin = within(column, width);
    Tensor place = each.select(0, 0).mul(new Scalar(height)).add(rowWithin).mul(new Scalar(width)).unsqueeze(2)
        .add(columnWithin.unsqueeze(1));
    Tensor inside = row.eq(rowWithin).unsqueeze(2).logical_and(column.eq(columnWithin).unsqueeze(1));
    Tensor values = numbers
        .index_select(0, pixels.index_select(0, place.flatten()).to(ScalarType.Long).add(channel).flatten())
        .view(count, height, width, images.channels());
    return where(inside.unsqueeze(3), values, border).permute(0, 3, 1, 2);
  }

  private static Tensor within(Tensor index, int size) {
    return index.clamp(new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(size - 1)));
  }

  @Override
  public Tensor labels() {
    return indices(present.stream().mapToLong(image -> images.label(image.index())).toArray(), count());
  }

  @Override
  public int label(int i) {
    return images.label(present.get(i).index());
  }

  private Tensor indices(long[] values, long... shape) {
    return device.here(from_blob(new LongPointer(values), shape, new TensorOptions(ScalarType.Long)));
  }

  @Override
  public void close() {
    shared.giveBack(images, device);
  }
}
